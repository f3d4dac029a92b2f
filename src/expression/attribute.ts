import { Unknown, Unresolved } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { textOf } from './arguments.ts';
import { withArticle } from './compare.ts';
import { codes, fail, found, Missing, suggest } from './problems.ts';

/** The value at a dotted path (`a.b.0`) of an item, or `undefined`, also where it mentions what is not defined. */
export function findAttribute(item: Value, path: Value): Value | undefined {
  const value = found(() => valueAt(item, path));
  return value instanceof Missing ? undefined : value;
}

/** The same. @throws Unresolved where only a run tells whether it is there */
export function presentAttribute(item: Value, path: Value): Value | undefined {
  const holder = item instanceof Unknown ? item : findAttribute(item, textOf(path).replace(/\.?[^.]*$/, ''));
  if (holder instanceof Unknown) throw new Unresolved(holder);
  return findAttribute(item, path);
}

function valueAt(item: Value, path: Value): Value | undefined {
  let value: Value | undefined = item;
  for (const part of textOf(path).split('.')) {
    if (value === undefined || value instanceof Unknown) return value;
    value = childOf(value, part);
  }
  return value;
}

/** The value at a dotted path of an item; fails when it is not there. */
export function attributeOf(item: Value, path: Value): Value {
  const value = valueAt(item, path);
  if (value !== undefined) return value;
  const name = textOf(path);
  const keys = isMap(item) ? Object.keys(item) : [];
  return fail(
    codes.missingKey,
    `an item has no '${name}'${isMap(item) ? '' : `: it is ${withArticle(item)}`}`,
    suggest(name, keys, `Keep the items that have it first: selectattr('${name}', 'defined').`),
  );
}

/** What `groupby` gives: pairs of which both parts have names. */
const groups = new WeakSet<object>();

/** A group of items and what they have in common: `[0]` or `.grouper`, `[1]` or `.list`. */
export function groupOf(grouper: Value, list: readonly Value[]): Value {
  const pair = [grouper, list];
  groups.add(pair);
  return pair;
}

/** The value under one key of a map or at one place of a list or text; `undefined` when it is not there. */
export function childOf(value: Value, key: string | number): Value | undefined {
  if (isMap(value)) return Object.hasOwn(value, key) ? value[key] : undefined;
  if (isList(value) && groups.has(value) && (key === 'grouper' || key === 'list'))
    return value[key === 'list' ? 1 : 0];
  const place = typeof key === 'number' ? key : /^-?\d+$/.test(key) ? Number(key) : null;
  if (place === null) return undefined;
  if (isList(value)) return value.at(place);
  return typeof value === 'string' ? [...value].at(place) : undefined;
}
