import { describe, expect, test } from 'vitest';
import { evaluate, problemOf, renderFile } from './texts.ts';

const variables = { port: 6443, nodes: ['a', 'b'], name: 'cp1' };

function problem(text: string): string {
  return problemOf(() => renderFile(text, variables));
}

test('HAPB4020 a mustache that is never closed', () => {
  expect(problem('server {{ name\n  port {{ port }}\n')).toMatchInlineSnapshot(`
    "site.yml:1:8  error HAPB4020: "{{" is never closed
      1 | server {{ name
        |        ^^^^^^^
      hint: Add "}}" behind the expression; braces themselves are written \\{{."
  `);
  expect(problem('{{! note')).toContain('HAPB4020');
});

test('HAPB4021 partials', () => {
  expect(problem('a\n{{> header }}\n')).toMatchInlineSnapshot(`
    "site.yml:2:1  error HAPB4021: partials ({{> …}}) are not supported
      2 | {{> header }}
        | ^^^^^^^^^^^^^
      hint: Texts stand alone: write the part out here, or render each file with a task of its own."
  `);
});

describe('HAPB4023 blocks that are none', () => {
  test('the whole message', () => {
    expect(problem('{{#eech nodes as |x|}}{{x}}{{/eech}}')).toMatchInlineSnapshot(`
      "site.yml:1:4  error HAPB4023: there is no block '#eech'
        1 | {{#eech nodes as |x|}}{{x}}{{/eech}}
          |    ^^^^
        hint: Did you mean 'each'? Known blocks are #if, #unless, #each and #with."
    `);
  });

  test.each([
    ['{{#if}}a{{/if}}', "'#if' needs an expression"],
    ['{{#each}}a{{/each}}', 'Write {{#each list as |item|}}.'],
    ['{{#if port as |x|}}{{/if}}', "'#if' has no items to name"],
    ['{{#each nodes as |a.b|}}{{/each}}', "'a.b' cannot be the name of an item"],
    ['{{#*inline "x"}}{{/inline}}', '{{#* has no meaning here'],
    ['{{#>layout}}{{/layout}}', '{{#> has no meaning here'],
    ['{{&name}}', '{{& has no meaning here'],
    ['{{{{raw}}}}a{{{{/raw}}}}', '{{{{ has no meaning here'],
  ])('%s', (text, message) => {
    expect(problem(text)).toContain(message);
  });
});

describe('HAPB4024 blocks that do not fit together', () => {
  test.each([
    ['{{#if port}}a', '{{#if}} is never closed'],
    ['a{{/if}}', '{{/if}} closes no block'],
    ['{{#if port}}{{#each nodes as |x|}}{{/if}}', '{{/if}} stands where {{/each}} is due'],
    ['{{else}}', '{{else}} stands outside of a block'],
    ['{{#if port}}{{else}}{{else}}{{/if}}', "{{else}} follows the block's last {{else}}"],
  ])('%s', (text, message) => {
    expect(problem(text)).toContain(`error HAPB4024: ${message}`);
  });

  test('the whole message', () => {
    expect(problem('a\n{{#if port}}\nb\n')).toMatchInlineSnapshot(`
      "site.yml:2:4  error HAPB4024: {{#if}} is never closed
        2 | {{#if port}}
          |    ^^
        hint: Add {{/if}} where it ends."
    `);
  });
});

test('HAPB4025 a loop over what is no list', () => {
  expect(problem('{{#each name as |x|}}{{x}}{{/each}}')).toMatchInlineSnapshot(`
    "site.yml:1:9  error HAPB4025: '#each' needs a list or map, not a text
      1 | {{#each name as |x|}}{{x}}{{/each}}
        |         ^^^^
      hint: Make it a list first, for example with x.split(",") or [x]."
  `);
});

describe('HAPB4027 conditions', () => {
  test('with braces inside', () => {
    expect(problemOf(() => evaluate("'{{ name }}-x' == name", variables))).toMatchInlineSnapshot(`
      "site.yml:1:2  error HAPB4027: a condition is an expression already and holds no braces
        1 | '{{ name }}-x' == name
          |  ^^
        hint: Write the name itself: x instead of {{ x }}; a text with a variable in it is joined: 'a-' ~ x."
    `);
  });
});

test('a problem inside of a block is shown at its place', () => {
  expect(problem('{{#each nodes as |node|}}\n  {{ node.ip }}\n{{/each}}\n')).toMatchInlineSnapshot(`
    "site.yml:2:11  error HAPB4003: 'node' is a text and has no 'ip'
      2 |   {{ node.ip }}
        |           ^^
      hint: Only maps have keys and only lists and texts have places; look at the value with the debug module."
  `);
  expect(problem('{{#each nodes as |node|}}\n  {{ nod }}\n{{/each}}\n')).toMatchInlineSnapshot(`
    "site.yml:2:6  error HAPB4002: 'nod' is not defined
      2 |   {{ nod }}
        |      ^^^
      hint: Did you mean 'node'? Set it in the inventory, vars or set_fact, or give a value for when it is missing: nod | default(…)."
  `);
});

test('an empty mustache is shown with its braces', () => {
  expect(problem('a {{ }} b')).toMatchInlineSnapshot(`
    "site.yml:1:3  error HAPB4001: the expression is empty
      1 | a {{ }} b
        |   ^^^^^
      hint: Write a variable, a text in quotes or a condition; an empty text is ''."
  `);
});

test('all problems of a text are reported together', () => {
  expect(problem('{{ a | b1 }} {{#if }}{{/if}} {% if x %} {{ c. }} {{> p}}').match(/HAPB4\d{3}/g)).toEqual([
    'HAPB4005',
    'HAPB4023',
    'HAPB4022',
    'HAPB4001',
    'HAPB4021',
  ]);
});
