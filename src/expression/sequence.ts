import { numberIn } from '../core/float.ts';
import { isList, type Value } from '../core/value.ts';
import { attributeOf } from './attribute.ts';
import { order, same } from './compare.ts';

/** How `sorted` compares. */
export interface SortOptions {
  readonly caseSensitive: boolean;
  /** Dotted path of the part of each item to compare, several separated by commas; absent: the whole item. */
  readonly attribute: Value | undefined;
}

/** The items in rising order; equal ones keep theirs. */
export function sorted(list: readonly Value[], options: SortOptions): readonly Value[] {
  const keyed = list.map((item) => ({ item, key: sortKey(item, options) }));
  return keyed.sort((left, right) => order(left.key, right.key, '<')).map(({ item }) => item);
}

function sortKey(item: Value, { caseSensitive, attribute }: SortOptions): Value {
  const fold = (value: Value) => (caseSensitive ? value : folded(value));
  if (attribute === undefined || attribute === null) return fold(item);
  const paths = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = paths.map((path) => fold(attributeOf(item, path)));
  return keys.length === 1 ? (keys[0] ?? null) : keys;
}

/** Texts in small letters, everything else as it is. */
export function folded(value: Value): Value {
  if (isList(value)) return value.map(folded);
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** The items without repetitions, each at its first place; `key` says what is compared. */
export function distinct(
  list: readonly Value[],
  key: (item: Value) => Value = (item) => item,
): readonly Value[] {
  const seenPlain = new Set<unknown>();
  const seenOthers: Value[] = [];
  return list.filter((item) => {
    const kept = key(item);
    const found = numberIn(kept) ?? kept;
    if (typeof found === 'string' || typeof found === 'number') {
      if (seenPlain.has(found)) return false;
      seenPlain.add(found);
      return !seenOthers.some((other) => same(other, found));
    }
    // True is 1, and False is 0.
    if (typeof found === 'boolean' && seenPlain.has(Number(found))) return false;
    if (seenOthers.some((other) => same(other, found))) return false;
    seenOthers.push(found);
    return true;
  });
}
