import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScalarNode } from '../../../src/document/node.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';

function scalarIn(text: string): ScalarNode {
  const result = parseYaml(text, 'f.yml');
  if (!result.ok || result.value?.kind !== 'map') throw new Error(JSON.stringify(result));
  const value = result.value.entries[0]?.value;
  if (value?.kind !== 'scalar') throw new Error('no scalar');
  return value;
}

/** The source text that a part of the value points to. */
function sourceOf(text: string, part: string): string {
  const scalar = scalarIn(text);
  const start = String(scalar.value).indexOf(part);
  const span = scalar.spanOf(start, start + part.length);
  return text.slice(span.start.offset, span.end.offset);
}

describe('spanOf points into', () => {
  test.each([
    ['a plain text', 'msg: hello {{ name }} there\n'],
    ['single quotes', "msg: 'it''s {{ name }} there'\n"],
    ['double quotes with escapes', 'msg: "\\ttab \\u00e9 \\"{{ name }}\\" there"\n'],
    ['a literal block', 'msg: |\n  first\n    deeper\n  {{ name }} there\n'],
    ['a stripped literal block with an indentation indicator', 'msg: |2-\n     x\n\n  {{ name }} there\n'],
    ['a folded block', 'msg: >\n  first\n  second\n\n  third\n    more\n\n  {{ name }} there\n'],
    ['a folded block with line breaks of Windows', 'msg: >-\r\n  first\r\n  {{ name }} there\r\n'],
    ['a plain text over several lines', 'msg: first\n  second\n\n  third {{ name }} there\n'],
    ['double quotes over several lines', 'msg: "first \\\n  second\n\n  {{ name }} there"\n'],
    ['a tagged block', 'msg: !unsafe |\n  first\n  {{ name }} there\n'],
  ])('%s', (_name, text) => {
    expect(sourceOf(text, '{{ name }}')).toBe('{{ name }}');
    expect(sourceOf(text, 'there')).toBe('there');
  });

  test('gives line and column inside a block', () => {
    const scalar = scalarIn('msg: |\n  first\n  {{ name }}\n');
    const at = String(scalar.value).indexOf('name');
    expect(scalar.spanOf(at, at + 4)).toEqual({
      file: 'f.yml',
      start: { line: 3, column: 6, offset: 20 },
      end: { line: 3, column: 10, offset: 24 },
    });
  });

  test('is the whole scalar for numbers', () => {
    const scalar = scalarIn('a: 15\n');
    expect(scalar.spanOf(0, 1)).toBe(scalar.span);
  });
});

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const line = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));

test('each word of a text is found again in its source, in every style', () => {
  const styles = ['|', '|-', '|+', '>', '>-', '>+', '"', "'"];
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...styles),
      (lines, style) => {
        const words = lines.flatMap((text) => text.split(' ')).filter((text) => text !== '');
        fc.pre(words.length > 0);
        const numbered = lines.map((text, row) => text.replace(/[a-z]+/g, (match) => `${match}${row}`));
        const quoted = style === '"' || style === "'";
        const body = numbered.map((text) => `   ${text}`).join('\n');
        const text = quoted ? `a: ${style}${body}${style}\n` : `a: ${style}\n${body}\n`;
        const scalar = scalarIn(text);
        const value = String(scalar.value);
        for (const match of value.matchAll(/\S+/g)) {
          const span = scalar.spanOf(match.index, match.index + match[0].length);
          expect(text.slice(span.start.offset, span.end.offset)).toBe(match[0]);
        }
      },
    ),
    { numRuns: 300 },
  );
});
