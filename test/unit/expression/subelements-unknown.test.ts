import { expect, it } from 'vitest';
import { Unknown, Unresolved } from '../../../src/core/unknown.ts';
import { subelements } from '../../../src/expression/subelements.ts';

const unknown = new Unknown('only a run tells');

it.each([
  ['an item', [unknown]],
  ['what the list lies in', [{ inner: unknown }]],
  ['the list', [{ inner: { keys: unknown } }]],
])('the lists inside of maps are unknown where %s is', (_what, elements) => {
  expect(() => subelements([elements, 'inner.keys', { skip_missing: true }])).toThrow(Unresolved);
});
