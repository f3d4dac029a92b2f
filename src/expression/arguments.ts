import { numberIn } from '../core/float.ts';
import { Unresolved } from '../core/unknown.ts';
import { findUnknown, isList, isMap, type Value, type ValueMap } from '../core/value.ts';
import type { Bound } from './callable.ts';
import { withArticle } from './compare.ts';
import { printed } from './print-value.ts';
import { codes, fail } from './problems.ts';

/** A value as Python's str() gives it: unlike in text, null is the word None. @throws Unresolved */
export function textOf(value: Value): string {
  const unknown = findUnknown(value);
  if (unknown !== null) throw new Unresolved(unknown);
  return value === null ? 'None' : printed(value);
}

/** The argument at `index` as text, or `otherwise` when it was not given. */
export function textArgument(args: Bound, index: number, otherwise = ''): string {
  const value = args[index];
  return value === undefined || value === null ? otherwise : textOf(value);
}

/** The argument at `index` as a whole number, or `otherwise` when it was not given. */
export function numberArgument(args: Bound, index: number, otherwise: number): number {
  const value = args[index];
  if (value === undefined || value === null) return otherwise;
  const number = numberIn(value);
  if (number !== null) return number;
  if (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value)) return Number(value);
  return fail(
    codes.filterFailed,
    `argument ${index + 1} must be a number, not ${withArticle(value)}`,
    'Convert it with | int.',
  );
}

/** Whether the argument at `index` is true; `otherwise` when it was not given. */
export function flagArgument(args: Bound, index: number, otherwise = false): boolean {
  const value = args[index];
  return value === undefined
    ? otherwise
    : value === true || value === 1 || (typeof value === 'string' && value !== '');
}

/** A list for the filter `name`; fails for anything else. A map counts as its keys and a text as its characters. */
export function listOf(value: Value, name: string): readonly Value[] {
  if (isList(value)) return value;
  if (isMap(value)) return Object.keys(value);
  if (typeof value === 'string') return [...value];
  return fail(
    codes.filterFailed,
    `'${name}' needs a list, not ${withArticle(value)}`,
    'Make it a list first: [x], or x.split(",").',
  );
}

/** A list for the filter `name`; fails for texts and maps too. */
export function properList(value: Value | undefined, name: string): readonly Value[] {
  if (isList(value)) return value;
  return fail(
    codes.filterFailed,
    `'${name}' needs a list, not ${withArticle(value)}`,
    'Make it a list first: [x], or x.split(",").',
  );
}

/** A map for the filter `name`; fails for anything else. */
export function mapArgument(value: Value | undefined, name: string): ValueMap {
  if (isMap(value)) return value;
  return fail(
    codes.filterFailed,
    `'${name}' needs a map, not ${withArticle(value)}`,
    'Give it a map: {"key": value}.',
  );
}
