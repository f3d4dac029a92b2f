import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionsOf } from '../../../src/core/source.ts';
import type { DocNode } from '../../../src/document/node.ts';
import { parseWhole } from '../../../src/document/parse-yaml.ts';
import { quickYaml } from '../../../src/document/quick-yaml.ts';

/** Everything that a node says: its data, all places, and those of parts of its texts. */
function told(node: DocNode): unknown {
  switch (node.kind) {
    case 'scalar': {
      const { value } = node;
      if (typeof value !== 'string') return node;
      const parts = [0, 1, 2, 5].flatMap((at) => [node.spanOf(at, at + 1), node.spanOf(at, value.length)]);
      return [node, parts];
    }
    case 'list':
      return [node, node.items.map(told)];
    case 'map':
      return [node, node.entries.map(({ value }) => told(value))];
  }
}

/** `null`: the quick reader leaves the text to the library. */
function both(text: string): { readonly quick: unknown; readonly whole: unknown } | null {
  const position = positionsOf(text);
  const span = (from: number, to: number) => ({ file: 'f.yml', start: position(from), end: position(to) });
  const quick = quickYaml(text, 'f.yml', span);
  if (quick === null) return null;
  const whole = parseWhole(text, span);
  const library = whole.ok && whole.value !== null ? told(whole.value) : whole;
  return { quick: JSON.stringify(told(quick)), whole: JSON.stringify(library) };
}

const playbooks = readdirSync('playbooks', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => join('playbooks', name));

test.each(playbooks)('%s is read quickly, as the yaml library reads it', (path) => {
  const read = both(readFileSync(path, 'utf8'));
  expect(read?.quick).toBe(read?.whole);
  expect(read).not.toBeNull();
});

test.each([
  ['a map, a list and a list that is not indented', 'a:\n  - 1\n  - b: 2\nc:\n- x\n- y: z\n'],
  ['lists in lists and nothing as a value', '- - a\n  - b\n- c:\n  d: ~\n'],
  ['texts in quotes', `a: "x \\"y\\" \\n"\nb: 'it''s'\n"c d": e\n`],
  ['texts over several lines', 'a: one\n  two\n\n  three\nb: "x\n  y \\\n  z"\nc: \'p\n\n  q\'\n'],
  ['block texts', 'a: |\n  x\n    y\n\n  z\nb: >-\n  one\n  two\n\n  three\n    deep\n\n  four\nc: 1\n'],
  [
    'brackets',
    'a: [x, "y", 1, [], {}]\nb: {src: /x, mode: "0644", n: {m: 1}}\nc: [\n    1,\n    {"k": v},\n  ]\n',
  ],
  ['numbers and words', 'a: 1\nb: 1.0\nc: 007\nd: true\ne: Null\nf: yes\ng: -2.5\nh: 99999999999999999\n'],
  ['comments', '# a\n---\n# b\na: 1 # c\n  # d\nb:  # e\n  - x\n  # f\nc: y#z\n# g\n'],
  ['no line feed at the end', 'a: |\n  x'],
])('%s are read quickly, as the yaml library reads them', (_, text) => {
  const read = both(text);
  expect(read?.quick).toBe(read?.whole);
  expect(read).not.toBeNull();
});

test.each([
  'a: &x 1\nb: *x\n',
  'a: !vault |\n  x\n',
  '<<: {a: 1}\n',
  'a: 1\na: 2\n',
  'a: {{ x }}\n',
  'a: b: c\n',
  'a: "x\n',
  'a:\n\t- b\n',
  'a: 1\n---\nb: 2\n',
  '? a\n: b\n',
  'a: [1,\n2]\n',
  'just a text\n',
  'a: |+\n  x\n\n',
  'a: 1\n b: 2\n',
  '',
])('%j is left to the library', (text) => {
  expect(both(text)).toBeNull();
});

const line = fc.tuple(
  fc.nat({ max: 4 }).map((count) => ' '.repeat(count)),
  fc.constantFrom('', '', '- ', '- - ', '-'),
  fc.constantFrom('', 'a:', 'b: ', 'c: ', '"d": ', 'e f: ', "'g':", '? ', '# h', 'h :'),
  fc.constantFrom(
    ...['', '', 'x', 'x y', '1', '1.50', '-0', '0x1f', 'true', '~', '"x', '"x y"', `'it''s'`, "'", '"\\n"'],
    ...[
      '|',
      '|-',
      '>',
      '>-',
      '|2',
      '[a, b]',
      '[a, ',
      'b]',
      '{"k": 1,',
      'z}',
      '{a: 1}',
      '{a}',
      '{{ x }}',
      '&a x',
      '*a',
      '!t x',
      '@',
    ],
    ...[
      'x: y',
      'x:',
      'x #y',
      'x#y',
      '# y',
      '- x',
      '---',
      '...',
      '%',
      'x \\',
      '.5',
      ' ',
      '\u00e9',
      '\t',
      ':x',
    ],
  ),
  fc.constantFrom('', '', '', ' ', ' # z'),
);

test('whatever is read quickly is read as by the library', () => {
  let quick = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), fc.constantFrom('\n', ''), (lines, end) => {
      const read = both(lines.map((parts) => parts.join('')).join('\n') + end);
      if (read === null) return;
      quick += 1;
      expect(read.quick).toBe(read.whole);
    }),
    { numRuns: 20_000 },
  );
  expect(quick).toBeGreaterThan(100);
});
