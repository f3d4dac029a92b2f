import { expect, test } from 'vitest';
import { compileExpression } from '../../../src/template/compile-expression.ts';
import { compileTemplate } from '../../../src/template/compile-template.ts';
import { scalar } from './texts.ts';

/** `name` for a variable that must be there, `name?` for a guarded one. */
function references(
  text: string,
  compile: typeof compileTemplate | typeof compileExpression,
): readonly string[] {
  const result = compile(scalar(text));
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.value.references.map(({ name, guarded }) => (guarded ? `${name}?` : name));
}

test.each([
  ['a.b[c] + d | join(e)', ['a', 'c', 'd', 'e']],
  ['a + a.b', ['a']],
  ['a | default(b)', ['a?', 'b?']],
  ['a.b.c | default(1)', ['a?']],
  ['(a | upper) | default(1)', ['a?']],
  ['a | default(omit)', ['a?']],
  ['a is defined', ['a?']],
  ['a is undefined or a.b == 1', ['a?']],
  ['a is defined and a.b > c', ['a?', 'c?']],
  ['a and b', ['a', 'b?']],
  ['b if a else c', ['a', 'b?', 'c?']],
  ['a is version(b)', ['a', 'b']],
  ['default a b', ['a?', 'b?']],
  ['mandatory a', ['a']],
  ["x.split(y) in [z, {'k': w}]", ['x', 'y', 'z', 'w']],
  ['true and 1 == 1', []],
])('%s', (text, names) => {
  expect(references(text, compileExpression)).toEqual(names);
});

test.each([
  ['a {{ a }} {{ b | default("x") }}', ['a', 'b?']],
  ['{{#if a}}{{ b }}{{else if c}}{{ d }}{{/if}}', ['a', 'b?', 'c?', 'd?']],
  ['{{#each list as |x i|}}{{ x }}{{ i }}{{ @index }}{{ y }}{{/each}}', ['list', 'y?']],
  ['{{#each list}}{{ this }}{{ name }}{{/each}}', ['list', 'name?']],
  ['{{#with a as |b|}}{{ b }}{{/with}}{{ b }}', ['a', 'b']],
])('%s', (text, names) => {
  expect(references(text, compileTemplate)).toEqual(names);
});

test('a reference points to the first place that must be there', () => {
  const result = compileExpression(scalar('(x and name) or name'));
  const later = compileExpression(scalar('[x and name, name]'));
  if (!result.ok || !later.ok) throw new Error('not compiled');
  expect(later.value.references.find(({ name }) => name === 'name')?.span.start.column).toBe(14);
  expect(result.value.references.find(({ name }) => name === 'name')?.span.start.column).toBe(8);
});
