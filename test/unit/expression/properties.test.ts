import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isProblem, parse } from '../../../src/expression/parse.ts';
import { printNode } from '../../../src/expression/print-node.ts';
import { filterOf } from '../../../src/expression/registry.ts';
import { compileTemplate } from '../../../src/template/compile-template.ts';
import { render, scalar, scopeOf } from '../template/texts.ts';

const grammar = { isHelper: (name: string) => filterOf(name) !== null };

/** Pieces that get far into the grammar, between arbitrary characters that do not. */
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'a',
          'b.c',
          '1',
          '2.5',
          "'x'",
          '"',
          "'",
          '(',
          ')',
          '[',
          ']',
          '{',
          '}',
          '|',
          '.',
          ',',
          ':',
          '==',
          '<',
          '**',
          '~',
        ],
        ...[
          ' and ',
          ' or ',
          ' not ',
          ' in ',
          ' is ',
          ' if ',
          ' else ',
          ' defined',
          ' upper',
          'join ',
          '-',
          '=',
          '\\',
          '{{',
          '}}',
        ],
        ...[
          '{%',
          '%}',
          '{#',
          '#}',
          '#if ',
          '/if',
          'else',
          '#each ',
          ' as |x|',
          '!',
          '>',
          '^',
          '@index',
          'this',
          '../',
        ],
      ),
      fc.string({ maxLength: 3, unit: 'binary' }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join('').slice(0, 200));

test('any text is an expression or a located problem, at once', () => {
  fc.assert(
    fc.property(soup, (text) => {
      const started = performance.now();
      const result = parse(text, grammar, 'python');
      expect(performance.now() - started).toBeLessThan(250);
      if (!isProblem(result)) return;
      expect(result.start).toBeGreaterThanOrEqual(0);
      expect(result.end).toBeGreaterThanOrEqual(result.start);
      expect(result.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});

test('any text compiles to a template or to diagnostics, and a template renders or fails with one', () => {
  const scope = scopeOf({ a: 1, b: { c: ['x', 'y'] }, x: 'z' });
  fc.assert(
    fc.property(soup, (text) => {
      const result = compileTemplate(scalar(text));
      if (!result.ok) {
        expect(result.diagnostics.length).toBeGreaterThan(0);
        return;
      }
      try {
        result.value.render(scope);
      } catch (thrown) {
        expect(thrown).toMatchObject({
          name: 'Failure',
          problem: { code: expect.stringMatching(/^HAPB4/) as string },
        });
      }
    }),
    { numRuns: 3000 },
  );
});

const name = fc.constantFrom('a', 'b1', '_c', 'größe', 'item');
const literal = fc.oneof(
  fc.integer({ min: 0, max: 10 ** 9 }).map(String),
  fc.constantFrom('true', 'false', 'null', '1.5', '2.0'),
  fc
    .string({ maxLength: 5 })
    .map((text) => printNode({ kind: 'literal', value: text, float: false, start: 0, end: 0 })),
);
const expression = fc.letrec<{ whole: string }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name,
    literal,
    fc
      .tuple(
        tie('whole'),
        fc.constantFrom('+', '-', '*', '/', '//', '%', '**', '~', '==', '<', 'in', 'not in', 'and', 'or'),
        tie('whole'),
      )
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    fc
      .tuple(tie('whole'), tie('whole'), tie('whole'))
      .map(([one, two, three]) => `(${one}) if (${two}) else (${three})`),
    fc
      .tuple(fc.constantFrom('-', 'not '), tie('whole'))
      .map(([operator, operand]) => `${operator}(${operand})`),
    fc
      .tuple(tie('whole'), fc.constantFrom('upper', 'default(1)', "join(',', attribute=a)"))
      .map(([input, filter]) => `(${input}) | ${filter}`),
    fc
      .tuple(tie('whole'), fc.constantFrom('defined', 'not none', 'version(b1, ">")'))
      .map(([input, check]) => `(${input}) is ${check}`),
    fc
      .tuple(tie('whole'), fc.constantFrom('.key', '[0]', '["k"]', '[1:]', '.split(",")'))
      .map(([target, path]) => `(${target})${path}`),
    fc.array(tie('whole'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  ),
})).whole;

test('what is printed parses to the same tree', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const node = parse(text, grammar, 'python');
      if (isProblem(node)) throw new Error(`${text}: ${node.message}`);
      const printed = printNode(node);
      const again = parse(printed, grammar, 'python');
      if (isProblem(again)) throw new Error(`${printed}: ${again.message}`);
      expect(withoutPlaces(again)).toEqual(withoutPlaces(node));
      expect(printNode(again)).toBe(printed);
    }),
    { numRuns: 1000 },
  );
});

function withoutPlaces(node: object): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => (['start', 'end', 'at'].includes(key) ? undefined : value)),
  );
}

test('a value is never read as a template', () => {
  const braces = fc
    .array(fc.constantFrom('{{', '}}', '{{ a }}', '{% if %}', '{{#each a}}', '{#', '\\', 'a', ' '), {
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(braces, (value) => {
      expect(render('{{ a }}', { a: value })).toBe(value);
      expect(render('<{{ a }}>', { a: value })).toBe(`<${value}>`);
      expect(render('<{{~ a ~}}>', { a: value })).toBe(`<${value}>`);
      expect(render('{{#if a is defined}}{{ a }}{{/if}}', { a: value })).toBe(value);
      expect(render('{{#each b as |x|}}{{ x }}{{/each}}', { b: [value, value] })).toBe(value + value);
      expect(render('{{ a | upper | lower }}', { a: value })).toBe(value);
    }),
    { numRuns: 500 },
  );
});

test('text without mustaches comes out as it went in', () => {
  const text = fc.string({ maxLength: 50 }).filter((value) => !/\{[{%#]/.test(value));
  fc.assert(
    fc.property(text, (value) => {
      expect(render(value)).toBe(value);
      // Beside a block the text passes through Handlebars, which must not find anything of its own in it.
      expect(render(`{{#if true}}{{/if}}.${value}.{{#if true}}{{/if}}`)).toBe(`.${value}.`);
    }),
    { numRuns: 1000 },
  );
});
