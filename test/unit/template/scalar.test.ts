import { describe, expect, test } from 'vitest';
import { omit } from '../../../src/core/omit.ts';
import type { Value } from '../../../src/core/value.ts';
import type { DocNode, ScalarNode } from '../../../src/document/node.ts';
import { compileTemplate, type TagReader } from '../../../src/template/compile-template.ts';
import { constantTemplate } from '../../../src/template/compile-text.ts';
import { render, scalar, scopeOf } from './texts.ts';

const variables = { n: 3, t: true, list: [1, 'a'], map: { k: null }, none: null, text: 'x', big: 12.5 };

describe('a scalar that is one expression keeps its type', () => {
  test.each<[string, Value]>([
    ['{{ n }}', 3],
    ['{{n}}', 3],
    ['{{ t }}', true],
    ['{{ list }}', [1, 'a']],
    ['{{ map }}', { k: null }],
    ['{{ none }}', null],
    ['{{- n -}}', 3],
    ['{{{ n }}}', 3],
    ['{{ n }}\n', 3],
    ['{# note #}{{ n }}{# note #}', 3],
    ['{{ text }}\n', 'x\n'],
  ])('%j', (text, value) => {
    expect(render(text, variables)).toEqual(value);
  });
});

describe('everything else is text', () => {
  test.each([
    [' {{ n }}', ' 3'],
    ['{{ n }}{{ n }}', '33'],
    ['{{ t }} {{ none }}|', 'True |'],
    ['{{ list }} {{ map }}', "[1, 'a'] {'k': None}"],
    ['{{ 6 / 2 }} {{ big * 2 }} {{ n }}', '3.0 25.0 3'],
    ['{{! note }}{{ n }}', '3'],
    ['plain }} text', 'plain }} text'],
    ['${#array[@]} {%', '${#array[@]} {%'],
  ])('%j', (text, value) => {
    expect(render(text, variables)).toBe(value);
  });
});

describe('braces', () => {
  test('a backslash before them keeps them', () => {
    expect(render(String.raw`\{{ n }} {{ n }}`, variables)).toBe('{{ n }} 3');
    expect(render(String.raw`a\{{ b }}\{{c}}`)).toBe('a{{ b }}{{c}}');
  });

  test('two backslashes are one and a mustache', () => {
    expect(render(String.raw`C:\\{{ text }}`, variables)).toBe(String.raw`C:\x`);
    expect(render(String.raw`{{#if t}}C:\\{{ text }}{{/if}}`, variables)).toBe(String.raw`C:\x`);
  });

  test('inside of texts and maps they do not end a mustache', () => {
    expect(render("{{ '}}' }}")).toBe('}}');
    expect(render("{{ '{{' }}.{{ {'a': {'b': n}} }}", variables)).toBe("{{.{'a': {'b': 3}}");
    expect(render("{{{'a': {'b': n}}}}", variables)).toEqual({ a: { b: 3 } });
  });

  test('braces of the text stay beside mustaches', () => {
    expect(render('{ {{ n }} }', variables)).toBe('{ 3 }');
    expect(render('{{ n }}}', variables)).toBe('3}');
    expect(render('{{#if t}}}{ {{ n }}}{{/if}}', variables)).toBe('}{ 3}');
    expect(render('{{{ n }}}}', variables)).toBe('3}');
    expect(render(String.raw`\{{{{ n }}{{#if t}}{{/if}}`, variables)).toBe('{{3');
  });

  test('a backslash inside of a mustache of a YAML text stands for itself', () => {
    expect(render(String.raw`{{ 'a1b2' | regex_replace('\d', '<\g<0>>') }}`)).toBe('a<1>b<2>');
    expect(render(String.raw`{{ '\n' | length }}`)).toBe(2);
  });
});

const site = (start: number) => ({
  file: 'site.yml',
  start: { line: 1, column: start, offset: start },
  end: { line: 1, column: start, offset: start },
});

function mapNode(entries: readonly (readonly [string, DocNode])[]): DocNode {
  return {
    kind: 'map',
    span: site(1),
    entries: entries.map(([key, value]) => ({ key, span: site(1), value })),
  };
}

function listNode(items: readonly DocNode[]): DocNode {
  return { kind: 'list', span: site(1), items };
}

function renderNode(node: DocNode, readTag?: TagReader): Value {
  const result = compileTemplate(node, readTag);
  if (!result.ok)
    throw new Error(result.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return result.value.render(scopeOf(variables));
}

describe('lists and maps', () => {
  test('are rendered at any depth, keys too', () => {
    const node = mapNode([
      ['plain', scalar(1)],
      [
        'k-{{ n }}',
        listNode([scalar('{{ list }}'), scalar('a {{ n }}'), mapNode([['{{ n }}', scalar(null)]])]),
      ],
    ]);
    expect(renderNode(node)).toEqual({ plain: 1, 'k-3': [[1, 'a'], 'a 3', { 3: null }] });
  });

  test('a key must be a text', () => {
    expect(() => renderNode(mapNode([['{{ list }}', scalar(1)]]))).toThrow(
      'a key must be a text, not a list or map',
    );
  });

  test('entries that are omitted are left out', () => {
    const node = mapNode([
      ['a', scalar('{{ missing | default(omit) }}')],
      ['b', listNode([scalar('{{ omit }}'), scalar('{{ n }}')])],
    ]);
    expect(renderNode(node)).toEqual({ b: [3] });
    expect(renderNode(scalar('{{ missing | default(omit) }}'))).toBe(omit);
  });

  test('all problems of a node are reported together', () => {
    const node = mapNode([
      ['{{ a | k1 }}', scalar('{{ b | k2 }}')],
      ['c', listNode([scalar('{{ c | k3 }}'), scalar('{{')])],
    ]);
    expect(() => renderNode(node)).toThrow(/k1.*\n.*k2.*\n.*k3.*\n.*HAPB4020|HAPB4020.*never closed/s);
  });
});

describe('tags', () => {
  const tagged = (tag: string): ScalarNode => ({ ...scalar('{{ n }}'), tag });

  test('text tagged !unsafe is no template', () => {
    expect(renderNode(tagged('!unsafe'))).toBe('{{ n }}');
  });

  test('the caller says what other tags mean', () => {
    const readTag: TagReader = (node) =>
      node.tag === '!vault' ? { ok: true, value: constantTemplate(node.span, 'opened'), warnings: [] } : null;
    expect(renderNode(listNode([tagged('!vault'), scalar('{{ n }}')]), readTag)).toEqual(['opened', 3]);
    expect(() => renderNode(tagged('!other'), readTag)).toThrow(
      'HAPB4026: the tag !other has no meaning here',
    );
  });
});
