import { expect, test } from 'vitest';
import { Float, float, isFloat, numberIn } from '../../../src/core/float.ts';
import { isMap, typeName, withoutFloats } from '../../../src/core/value.ts';

test.each([
  [3, '3.0'],
  [-2, '-2.0'],
  [-0, '-0.0'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
])('the whole float %d prints as %s', (number, text) => {
  expect(String(new Float(number))).toBe(text);
});

test('only whole floats need a type of their own', () => {
  expect([float(3), float(3.5), float(Number.NaN)]).toEqual([new Float(3), 3.5, Number.NaN]);
  expect([new Float(3), 3.5, 3, '3.0', null].map(isFloat)).toEqual([true, true, false, false, false]);
  expect([new Float(3), 3, '3'].map(numberIn)).toEqual([3, 3, null]);
});

test('a whole float is a number, no map, and plain JSON', () => {
  expect([typeName(new Float(3)), isMap(new Float(3))]).toEqual(['number', false]);
  expect(JSON.stringify({ a: [new Float(3)] })).toBe('{"a":[3]}');
  expect(withoutFloats({ a: [new Float(3), { b: new Float(4), c: 'x' }] })).toEqual({
    a: [3, { b: 4, c: 'x' }],
  });
});
