import { Unknown, Unresolved } from '../../core/unknown.ts';
import { isList, isMap, type Value } from '../../core/value.ts';
import { flagArgument, listOf, numberArgument, properList, textOf } from '../arguments.ts';
import { checkSize } from '../arithmetic.ts';
import { attributeOf, childOf, findAttribute } from '../attribute.ts';
import type { Filter, Parameters, Reading, Table } from '../callable.ts';
import { same } from '../compare.ts';
import { distinct, folded, sorted } from '../sequence.ts';
import { wants } from './text.ts';

type Run = (input: Value, args: readonly (Value | undefined)[]) => Value | undefined;

function reading(reads: Reading, parameters: Parameters, run: Run): Filter {
  return { parameters, reads, run };
}

/** Filters that take a list apart or build one. */
export const listFilters: Table<Filter> = {
  first: reading('structure', [], (input) => end(input, 'first', 0)),
  last: reading('structure', [], (input) => end(input, 'last', -1)),
  length: reading('structure', [], lengthOf),
  count: reading('structure', [], lengthOf),
  list: reading('structure', [], (input) => listOf(input, 'list')),
  reverse: reading('structure', [], (input) =>
    typeof input === 'string' ? [...input].reverse().join('') : [...listOf(input, 'reverse')].reverse(),
  ),
  sort: reading('order', ['reverse?', 'case_sensitive?', 'attribute?'], (input, args) => {
    const list = sorted(listOf(input, 'sort'), { caseSensitive: flagArgument(args, 1), attribute: args[2] });
    return flagArgument(args, 0) ? sortedBackwards(list, args) : list;
  }),
  unique: reading('order', ['case_sensitive?', 'attribute?'], (input, args) => {
    const caseless = !flagArgument(args, 0);
    return distinct(listOf(input, 'unique'), (item) => {
      const key = args[1] === undefined ? item : attributeOf(item, args[1]);
      return caseless ? folded(key) : key;
    });
  }),
  min: reading('order', ['case_sensitive?', 'attribute?'], (input, args) => extreme(input, args, 0)),
  max: reading('order', ['case_sensitive?', 'attribute?'], (input, args) => extreme(input, args, -1)),
  flatten: reading('structure', ['levels?', 'skip_nulls?'], (input, args) => {
    const levels = args[0] === undefined || args[0] === null ? 100 : numberArgument(args, 0, 100);
    return flattened(properList(input, 'flatten'), levels, flagArgument(args, 1, true));
  }),
  union: reading('order', ['other'], (input, [other]) =>
    distinct([...properList(input, 'union'), ...properList(other, 'union')]),
  ),
  intersect: reading('order', ['other'], (input, [other]) => {
    const list = properList(other, 'intersect');
    return distinct(properList(input, 'intersect').filter((item) => has(list, item)));
  }),
  difference: reading('order', ['other'], (input, [other]) => without(input, other, 'difference')),
  symmetric_difference: reading('order', ['other'], (input, [other]) => [
    ...without(input, other, 'symmetric_difference'),
    ...without(other ?? [], input, 'symmetric_difference'),
  ]),
  zip: reading('structure', ['*others'], (input, [others]) => {
    const lists = [input, ...properList(others, 'zip')].map((list) => listOf(list, 'zip'));
    const shortest = Math.min(...lists.map((list) => list.length));
    return Array.from({ length: shortest }, (_, index) => lists.map((list) => list[index] ?? null));
  }),
  batch: reading('structure', ['linecount', 'fill_with?'], (input, args) => {
    const size = numberArgument(args, 0, 1);
    if (size < 1) return wants('batch', 'a size of at least 1', args[0] ?? null);
    const list = listOf(input, 'batch');
    const rows = Array.from({ length: Math.ceil(list.length / size) }, (_, row) =>
      list.slice(row * size, (row + 1) * size),
    );
    const fill = args[1];
    if (fill !== undefined && fill !== null) checkSize(rows.length * size);
    if (fill === undefined || fill === null) return rows;
    return rows.map((row) => [...row, ...Array.from({ length: size - row.length }, () => fill)]);
  }),
  product: reading('structure', ['*others', 'repeat?'], (input, [others, ...named]) =>
    repeated([input, ...properList(others, 'product')], numberArgument(named, 0, 1)).reduce<
      readonly (readonly Value[])[]
    >(
      (rows, list) => {
        checkSize(rows.length * listOf(list, 'product').length);
        return rows.flatMap((row) => listOf(list, 'product').map((item) => [...row, item]));
      },
      [[]],
    ),
  ),
  extract: reading('structure', ['container', 'morekeys?'], (input, [container, more]) => {
    const keys = more === undefined || more === null ? [] : isList(more) ? more : [more];
    return [input, ...keys].reduce<Value | undefined>((value, key) => {
      if (value === undefined || value instanceof Unknown) return value;
      return childOf(value, typeof key === 'number' ? key : textOf(key));
    }, container);
  }),
  subelements: reading('structure', ['subelements', 'skip_missing?'], (input, args) => {
    const path = args[0] ?? null;
    const skipMissing = isMap(args[1]) ? flagArgument([args[1].skip_missing], 0) : flagArgument(args, 1);
    const items = isMap(input) ? Object.values(input) : properList(input, 'subelements');
    return items.flatMap((item) => {
      const parts = skipMissing ? (findAttribute(item, path) ?? []) : attributeOf(item, path);
      return properList(parts, 'subelements').map((part) => [item, part]);
    });
  }),
};

function repeated(lists: readonly Value[], times: number): readonly Value[] {
  checkSize(lists.length * times);
  return Array.from({ length: times }, () => lists).flat();
}

function end(input: Value, name: string, place: 0 | -1): Value | undefined {
  return listOf(input, name).at(place);
}

function lengthOf(input: Value): number {
  if (isMap(input)) return Object.keys(input).length;
  return isList(input) || typeof input === 'string'
    ? listOf(input, 'length').length
    : wants('length', 'a text, list or map', input);
}

/** Equal items keep their order, as Python's reversed sort does. */
function sortedBackwards(list: readonly Value[], args: readonly (Value | undefined)[]): readonly Value[] {
  const options = { caseSensitive: flagArgument(args, 1), attribute: args[2] };
  return [...sorted([...list].reverse(), options)].reverse();
}

function extreme(input: Value, args: readonly (Value | undefined)[], place: 0 | -1): Value | undefined {
  const list = listOf(input, place === 0 ? 'min' : 'max');
  const options = { caseSensitive: flagArgument(args, 0), attribute: args[1] };
  const ranked =
    place === 0
      ? sorted(list, options)
      : sortedBackwards(sorted(list, options), [undefined, args[0], args[1]]);
  return end(ranked, place === 0 ? 'min' : 'max', 0);
}

function has(list: readonly Value[], item: Value): boolean {
  return list.some((other) => same(other, item));
}

function without(input: Value, other: Value | undefined, name: string): readonly Value[] {
  const excluded = properList(other, name);
  return distinct(properList(input, name).filter((item) => !has(excluded, item)));
}

function flattened(list: readonly Value[], levels: number, skipNulls: boolean): readonly Value[] {
  return list.flatMap((item) => {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    if (item instanceof Unknown && (levels > 0 || skipNulls)) throw new Unresolved(item);
    return isList(item) && levels > 0 ? flattened(item, levels - 1, skipNulls) : [item];
  });
}
