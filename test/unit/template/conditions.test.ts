import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import type { Value } from '../../../src/core/value.ts';
import type { ScalarNode } from '../../../src/document/node.ts';
import { compileExpression, holds } from '../../../src/template/compile-expression.ts';
import type { Expression } from '../../../src/template/template.ts';
import { scalar, scopeOf } from './texts.ts';

function condition(value: ScalarNode['value']): Expression {
  const result = compileExpression(scalar(value));
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.value;
}

function answer(value: ScalarNode['value'], variables: Record<string, Value> = {}): boolean | Unknown {
  return holds(condition(value), scopeOf(variables));
}

function failureOf(step: () => unknown): Failure {
  try {
    step();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('nothing failed');
}

describe('holds', () => {
  test('true and false are what they are', () => {
    expect(answer(true)).toBe(true);
    expect(answer(false)).toBe(false);
    expect(answer('a == 1', { a: 1 })).toBe(true);
    expect(answer('a == 1', { a: new Unknown('later') })).toBeInstanceOf(Unknown);
  });

  test.each<[ScalarNode['value'], Value, string, string]>([
    [
      'a',
      'yes',
      'the text "yes"',
      'Write a | bool; or give it the value true, without quotes, where it is set.',
    ],
    ['a', 'x y', 'a text', 'Say what is asked: a != \'\', or a | bool for words such as "yes".'],
    ['a', { changed: true }, 'a map', 'Say what is asked: a is succeeded, a is changed, or a.rc == 0.'],
    ['a', 1, 'a number', 'Say what is asked: a != 0, or a | bool.'],
    ['a', [1], 'a list', 'Say what is asked: a | length > 0.'],
    ['a', null, 'null', 'Say what is asked: x is not none.'],
    [1, 1, 'a number', 'Say what is asked: 1 != 0, or 1 | bool.'],
  ])('HAPB4012 %j of %j', (text, a, type, hint) => {
    const { problem } = failureOf(() => answer(text, { a }));
    expect(problem).toEqual({
      code: 'HAPB4012',
      message: `a condition must be true or false, not ${type}`,
      hint,
    });
  });
});

describe('braces around the whole', () => {
  test('are taken off with a warning', () => {
    const result = compileExpression(scalar('{{ a == 1 }}'));
    if (!result.ok) throw new Error('not compiled');
    expect(holds(result.value, scopeOf({ a: 1 }))).toBe(true);
    expect(result.warnings).toMatchObject([
      {
        code: 'HAPB4027',
        severity: 'warning',
        message: 'a condition needs no braces',
        hint: 'Write: a == 1',
      },
    ]);
  });
});

test('quoted texts in conditions have escapes', () => {
  expect(answer(String.raw`'a\tb' | length == 3`)).toBe(true);
  expect(answer(String.raw`'node-1' is match('\\w+-\d')`)).toBe(true);
});

test('a constant has no references', () => {
  expect(condition(true)).toMatchObject({ text: 'true', constant: true, references: [] });
  expect(condition('1 == 1')).toMatchObject({ text: '1 == 1', constant: true, references: [] });
  expect(condition('a == 1')).toMatchObject({ text: 'a == 1', constant: false });
});
