import { describe, expect, test } from 'vitest';
import type { ValueMap } from '../../../../src/core/value.ts';
import { specProblems } from '../../../../src/modules/general/argument-spec.ts';

const specs: ValueMap = {
  s: { required: true },
  i: { type: 'int' },
  f: { type: 'float' },
  b: { type: 'bool' },
  l: { type: 'list', elements: 'int' },
  c: { choices: ['one', 'two'] },
  d: {
    type: 'dict',
    options: { k: { type: 'int', required: true }, x: {}, y: {} },
    mutually_exclusive: [['x', 'y']],
    required_if: [['k', 3, ['x']]],
  },
};

const fits: readonly ValueMap[] = [
  { s: 'text', i: '5', f: '1.5', b: 'yes', l: '1,2', c: 'one', d: { k: 1 } },
  { s: 5, i: 5, f: 1, b: 0, l: [1, '2'] },
  { s: null, unknown: 1 },
];

const misfits: readonly (readonly [ValueMap, readonly string[]])[] = [
  [{ i: 5 }, ['missing: s']],
  [{ s: 't', i: 'x' }, ['i must be a whole number, not "x"']],
  [{ s: 't', b: 'maybe' }, ['b must be true or false, not "maybe"']],
  [{ s: 't', f: 'abc' }, ['f must be a number, not "abc"']],
  [{ s: 't', l: [1, 'z'] }, ['l[1] must be a whole number, not "z"']],
  [{ s: 't', c: 'three' }, ['c must be one of one, two, not "three"']],
  [{ s: 't', d: 'text' }, ['d must be a map, not "text"']],
  [{ s: 't', d: { x: 1 } }, ['missing: d.k']],
  [{ s: 't', d: { k: 1, z: 1 } }, ['d.z is not known; there are k, x, y']],
  [{ s: 't', d: { k: 1, x: 1, y: 2 } }, ['only one may be given of d.x, d.y']],
  [{ s: 't', d: { k: 3 } }, ['missing, as d.k is 3: d.x']],
];

describe('a specification of arguments', () => {
  test.each(fits.map((values) => [values]))('takes %j', (values) => {
    expect(specProblems(specs, values)).toEqual([]);
  });
  test.each(misfits)('of %j says what is wrong', (values, problems) => {
    expect(specProblems(specs, values)).toEqual(problems);
  });
});
