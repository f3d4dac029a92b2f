import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, type Value } from '../core/value.ts';
import { textOf } from './arguments.ts';
import { childOf } from './attribute.ts';
import { withArticle } from './compare.ts';
import type { Evaluator } from './evaluator.ts';
import type { NodeOf } from './node.ts';
import { codes, fail, found, Missing } from './problems.ts';
import { missingKey } from './undefined.ts';

/** `target.key` */
export function evaluateMember(self: Evaluator, node: NodeOf<'member'>): Value | Missing {
  const target = self.maybe(node.target);
  if (target instanceof Missing || target instanceof Unknown) return target;
  const value = target instanceof Secret ? undefined : found(() => childOf(target, node.key));
  return value ?? (value === null ? null : missingKey(self.setting, node, { target, key: node.key }));
}

/** `target[key]` */
export function evaluateIndex(self: Evaluator, node: NodeOf<'index'>): Value | Missing {
  const target = self.maybe(node.target);
  if (target instanceof Missing) return target;
  const key = self.value(node.key);
  if (target instanceof Unknown) return target;
  if (key instanceof Unknown) return key;
  const plain = typeof key === 'number' ? key : textOf(key);
  // 'text'["0"] and list["0"] are mistakes that a key may make only on maps.
  const wordInList = typeof plain === 'string' && (isList(target) || typeof target === 'string');
  const value = wordInList
    ? undefined
    : found(() => childOf(target instanceof Secret ? reveal(target) : target, plain));
  if (value === undefined) {
    return missingKey(self.setting, { target: node.target, at: node.key }, { target, key: plain });
  }
  return target instanceof Secret && typeof value === 'string' ? new Secret(value, target.label) : value;
}

/** `target[from:to:step]` */
export function evaluateSlice(self: Evaluator, node: NodeOf<'slice'>): Value | Missing {
  const target = self.maybe(node.target);
  if (target instanceof Missing) return target;
  const bounds = [node.from, node.to, node.step].map((part) => (part === null ? null : self.value(part)));
  if (target instanceof Unknown) return target;
  const unknown = bounds.find((bound) => bound instanceof Unknown);
  if (unknown !== undefined) return unknown;
  const [from, to, step] = bounds.map(wholeNumber);
  const cut = <T>(items: readonly T[]) =>
    sliced(items, { from: from ?? null, to: to ?? null, step: step ?? 1 });
  if (isList(target)) return cut(target);
  if (typeof target === 'string') return cut([...target]).join('');
  if (target instanceof Secret) return new Secret(cut([...reveal(target)]).join(''), target.label);
  return fail(
    codes.wrongType,
    `${withArticle(target)} cannot be sliced`,
    'Only lists and texts have [from:to].',
  );
}

function wholeNumber(bound: Value): number | null {
  if (bound === null) return null;
  if (typeof bound === 'number' && Number.isInteger(bound)) return bound;
  return fail(
    codes.wrongType,
    `a slice needs whole numbers, not ${withArticle(bound)}`,
    'Convert it with | int.',
  );
}

interface Slice {
  readonly from: number | null;
  readonly to: number | null;
  readonly step: number;
}

function sliced<T>(items: readonly T[], { from, to, step }: Slice): readonly T[] {
  if (step === 0)
    return fail(codes.arithmetic, 'a slice cannot step by 0', 'Leave the step out, or write 1 or -1.');
  const { length } = items;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
  const start = from === null ? (step > 0 ? low : high) : place(from);
  const stop = to === null ? (step > 0 ? high : low) : place(to);
  const result: T[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step)
    result.push(items[index] as T);
  return result;
}
