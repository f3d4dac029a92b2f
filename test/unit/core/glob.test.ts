import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { globExpression } from '../../../src/core/glob.ts';

/** As Python 3.11's fnmatchcase says. */
it.each([
  ['[a-c]', 'abc', 'd-'],
  ['[!a-c]', 'd-', 'abc'],
  ['[z-a]', '', 'az-'],
  ['[!z-a]', 'az-', ''],
  ['[cz-b-a]', 'c-a', 'bz'],
  ['[a-c-e]', 'abc-e', 'd'],
  ['[-a]', '-a', 'b'],
  ['[a-]', 'a-', 'b'],
  ['[\\]', '\\', 'a'],
  ['[^a]', '^a', 'b'],
])('%s matches each of "%s", and none of "%s"', (pattern, inside, outside) => {
  const expression = globExpression(pattern);
  expect([...inside].filter((letter) => !expression.test(letter))).toEqual([]);
  expect([...outside].filter((letter) => expression.test(letter))).toEqual([]);
});

test('every text is a glob', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abz-]![\\^*?é😀'), maxLength: 12 });
  fc.assert(fc.property(text, (pattern) => globExpression(pattern) instanceof RegExp));
});
