import { describe, expect, test } from 'vitest';
import { renderFile } from './texts.ts';

const variables = {
  yes: true,
  no: false,
  n: 2,
  empty: [],
  blank: {},
  nodes: [
    { name: 'a', ip: '10.0.0.1', tags: ['x', 'y'] },
    { name: 'b', ip: '10.0.0.2', tags: [] },
  ],
  ports: { api: 6443, etcd: 2379 },
  name: 'outer',
  words: ['p', null, 'q'],
};

function text(template: string): unknown {
  return renderFile(template, variables);
}

describe('#if and #unless', () => {
  test.each([
    ['{{#if yes}}A{{/if}}', 'A'],
    ['{{#if no}}A{{/if}}', ''],
    ['{{#if no}}A{{else}}B{{/if}}', 'B'],
    ['{{#if no}}A{{^}}B{{/if}}', 'B'],
    ['{{^if no}}A{{/if}}', 'A'],
    ['{{#if n == 1}}one{{else if n == 2}}two{{else}}many{{/if}}', 'two'],
    ['{{#if no}}1{{else unless no}}2{{/if}}', '2'],
    ['{{#unless no}}A{{/unless}}', 'A'],
    ['{{#if empty}}A{{else}}B{{/if}}', 'B'],
    ['{{#if blank}}A{{else}}B{{/if}}', 'B'],
    ['{{#if missing is defined and missing.x}}A{{else}}B{{/if}}', 'B'],
    ["{{#if 'a' in (nodes | map(attribute='name'))}}A{{/if}}", 'A'],
  ])('%s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });
});

describe('#each', () => {
  test.each([
    ['{{#each nodes as |node|}}{{node.name}} {{/each}}', 'a b '],
    ['{{#each nodes as |node index|}}{{index}}{{node.name}} {{/each}}', '0a 1b '],
    ['{{#each nodes}}{{name}}{{n}} {{/each}}', 'a2 b2 '],
    ['{{#each nodes}}{{this.name}} {{/each}}', 'a b '],
    ['{{#each nodes as |node|}}{{name}} {{/each}}', 'outer outer '],
    ['{{#each ports as |port key|}}{{key}}={{port}} {{/each}}', 'api=6443 etcd=2379 '],
    ['{{#each ports}}{{@key}}={{this}} {{/each}}', 'api=6443 etcd=2379 '],
    [
      '{{#each nodes}}{{@index}}{{#if @first}}first{{/if}}{{#if @last}}last{{/if}} {{/each}}',
      '0first 1last ',
    ],
    [
      '{{#each nodes as |node|}}{{#each node.tags as |tag|}}{{node.name}}{{tag}} {{else}}none{{/each}}{{/each}}',
      'ax ay none',
    ],
    ['{{#each nodes as |x|}}{{#each x.tags as |x|}}{{x}}{{/each}}{{x.name}} {{/each}}', 'xya b '],
    ['{{#each empty as |x|}}{{x}}{{else}}none{{/each}}', 'none'],
    ['{{#each null as |x|}}{{x}}{{else}}none{{/each}}', 'none'],
    ['{{#each (range 3) as |i|}}{{i + 1}} {{/each}}', '1 2 3 '],
    ['{{#each nodes | selectattr("tags") as |node|}}{{node.name}}{{/each}}', 'a'],
    ['{{#each words as |word|}}[{{word}}]{{/each}}', '[p][][q]'],
    ['{{#each words}}[{{this | default("-", true)}}]{{/each}}', '[p][-][q]'],
    ['{{#each ports as |if else|}}{{else}}{{/each}}', ''],
  ])('%s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });
});

describe('#with', () => {
  test.each([
    ['{{#with nodes[0] as |node|}}{{node.ip}}{{/with}}', '10.0.0.1'],
    ['{{#with nodes[0]}}{{ip}} {{name}} {{n}}{{/with}}', '10.0.0.1 a 2'],
    ['{{#with empty as |x|}}A{{else}}B{{/with}}', 'B'],
    ['{{#with n * 2 as |four|}}{{four}}{{/with}}', '4'],
  ])('%s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });
});

describe('white space', () => {
  test('a block alone on its line leaves no line', () => {
    expect(text('a\n{{#each nodes as |node|}}\n  {{node.name}}\n{{/each}}\nb\n')).toBe('a\n  a\n  b\nb\n');
    expect(text('a\n{{! note }}\nb\n')).toBe('a\nb\n');
    expect(text('a\n{{!-- a }} b --}}\nb\n')).toBe('a\nb\n');
    expect(text('a\n{# note #}\nb\n')).toBe('a\nb\n');
  });

  test('~ and - remove it around a mustache', () => {
    expect(text('a  {{~ n ~}}  b')).toBe('a2b');
    expect(text('a  {{- n -}}  b')).toBe('a2b');
    expect(text('a {{~#if yes~}} b {{~/if~}} c')).toBe('abc');
    expect(text('a {#- x -#} b')).toBe('ab');
  });

  test('an expression alone on its line keeps it', () => {
    expect(text('{{ n }}\n{{ n }}\n')).toBe('2\n2\n');
  });
});

test('a file is always text, also when it is one expression', () => {
  expect(text('{{ n }}')).toBe('2');
  expect(text('{{ nodes[0].tags }}')).toBe("['x', 'y']");
});

test('in a file quoted texts have escapes', () => {
  expect(text(String.raw`{{ 'a\tb' }}`)).toBe('a\tb');
});

test('helpers are filters', () => {
  expect(text('{{ upper name }} {{ join (words | select | list) "-" }} {{ default missing "d" }}')).toBe(
    'OUTER p-q d',
  );
});

test('what comes out is not cleaned for HTML', () => {
  expect(renderFile('{{ x }}{{{ x }}}', { x: '<a href="b">&</a>' })).toBe(
    '<a href="b">&</a><a href="b">&</a>',
  );
});

test('names of JavaScript mean nothing', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(() => text(`{{ ${name} }}`)).toThrow(`'${name}' is not defined`);
    expect(() => text(`{{ ports.${name} }}`)).toThrow(`'ports' has no '${name}'`);
    expect(() => text(`{{#each nodes}}{{ ${name} }}{{/each}}`)).toThrow(`'${name}' is not defined`);
  }
});
