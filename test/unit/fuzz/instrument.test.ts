import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { instrumented } from '../../fuzz/instrument.ts';

const program = `
const half = (n) => n % 2 === 0 ? n / 2 : null;
function kind(n) {
  switch (n) {
    case 1: return 'one';
    case (2): { return 'two'; }
    default: if (n < 0) return 'less'; else if (n > 9) return 'more'; else return 'some';
  }
}
class Sum { total = 0; add(n) { for (const i of [n]) this.total += i; return this; } }
const all = (n) => [half(n)?.toString() ?? 'odd', n && (n > 2 || kind(n)), new Sum().add(n).add(1).total, kind(n)];
let left = 2;
while (left > 0) left--;
[...all(-1), ...all(1), ...all(2), ...all(3), ...all(12), left, (() => ({ a: 1 }))().a]
`;

/** What a program comes to, and the branches on its way. */
function ran(text: string): { readonly value: unknown; readonly reached: ReadonlySet<number> } {
  const reached = new Set<number>();
  const told = (branch: number): void => void reached.add(branch);
  const value: unknown = runInNewContext(text, { __reached: told });
  return { value, reached };
}

test('a program whose branches are watched does what it did, and tells of each', () => {
  const { text, branches } = instrumented(program, 100);
  const { value, reached } = ran(text);
  expect(value).toEqual(ran(program).value);
  expect([...reached].sort((a, b) => a - b)).toEqual(
    Array.from({ length: branches }, (_, index) => 100 + index),
  );
  expect(branches).toBeGreaterThan(15);
});

test('a branch that is not come to is not told of', () => {
  const { text, branches } = instrumented('false && 1; 2', 0);
  expect(branches).toBe(1);
  expect(ran(text)).toEqual({ value: 2, reached: new Set() });
});
