import { Unknown } from '../../core/unknown.ts';
import { isList, isMap, type Value, type ValueMap } from '../../core/value.ts';
import { flagArgument, mapArgument, properList, textArgument, textOf } from '../arguments.ts';
import { attributeOf, groupOf } from '../attribute.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { same } from '../compare.ts';
import { codes, fail } from '../problems.ts';
import { mapOf } from '../secrecy.ts';
import { sorted } from '../sequence.ts';

/** Filters that make, join or take apart maps. */
export const mapFilters: Table<Filter> = {
  dict2items: {
    parameters: ['key_name?', 'value_name?'],
    reads: 'structure',
    run: (input, args) => {
      const [key, value] = [textArgument(args, 0, 'key'), textArgument(args, 1, 'value')];
      return Object.entries(mapArgument(input, 'dict2items')).map(([name, item]) =>
        mapOf([
          [key, name],
          [value, item],
        ]),
      );
    },
  },
  items2dict: {
    parameters: ['key_name?', 'value_name?'],
    reads: 'structure',
    run: (input, args) => {
      const [key, value] = [textArgument(args, 0, 'key'), textArgument(args, 1, 'value')];
      return mapOf(
        properList(input, 'items2dict').map(
          (item) => [textOf(attributeOf(item, key)), attributeOf(item, value)] as const,
        ),
      );
    },
  },
  dict: { parameters: [], reads: 'structure', run: (input) => dictOf(input) },
  items: {
    parameters: [],
    reads: 'structure',
    run: (input) => Object.entries(mapArgument(input, 'items')),
  },
  dictsort: {
    parameters: ['case_sensitive?', 'by?', 'reverse?'],
    reads: 'order',
    run: (input, args) => {
      const place = textArgument(args, 1, 'key') === 'value' ? '1' : '0';
      const pairs = sorted(Object.entries(mapArgument(input, 'dictsort')), {
        caseSensitive: flagArgument(args, 0),
        attribute: place,
      });
      return flagArgument(args, 2) ? [...pairs].reverse() : pairs;
    },
  },
  combine: {
    parameters: ['*others', 'recursive?', 'list_merge?'],
    reads: 'structure',
    run: (input, args) => combine(input, args),
  },
  rekey_on_member: {
    parameters: ['key', 'duplicates?'],
    reads: 'content',
    run: (input, args) => {
      const key = textArgument(args, 0);
      const items = isMap(input) ? Object.values(input) : properList(input, 'rekey_on_member');
      const result = new Map<string, Value>();
      for (const item of items) {
        const name = textOf(attributeOf(item, key));
        if (result.has(name) && textArgument(args, 1, 'error') !== 'overwrite') {
          const hint = "Add duplicates='overwrite' to keep the last one.";
          return fail(codes.filterFailed, `two items have the ${key} '${name}'`, hint);
        }
        result.set(name, item);
      }
      return mapOf(result);
    },
  },
  groupby: {
    parameters: ['attribute', 'default?', 'case_sensitive?'],
    reads: 'order',
    run: (input, args) => {
      const path = args[0] ?? null;
      const groups: { readonly key: Value; readonly items: Value[] }[] = [];
      for (const item of sorted(properList(input, 'groupby'), { caseSensitive: true, attribute: path })) {
        const key = attributeOf(item, path);
        const group = groups.find((candidate) => same(candidate.key, key));
        if (group === undefined) groups.push({ key, items: [item] });
        else group.items.push(item);
      }
      return groups.map(({ key, items }) => groupOf(key, items));
    },
  },
};

/** A map from a map, or from a list of pairs. */
export function dictOf(input: Value): ValueMap {
  if (isMap(input)) return input;
  return mapOf(
    properList(input, 'dict').map((pair) => {
      const [key = null, value = null] = properList(pair, 'dict');
      return [textOf(key), value] as const;
    }),
  );
}

/** How `combine` joins two lists under one key. */
type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';
const merges: readonly ListMerge[] = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

function combine(input: Value, [others, recursive, merge]: Bound): ValueMap {
  const how = { recursive: recursive === true, merge: mergeOf(merge) };
  const maps = [input, ...properList(others, 'combine')].flatMap((value) =>
    isList(value) ? value : [value],
  );
  return maps.reduce<ValueMap>((left, right) => merged(left, mapArgument(right, 'combine'), how), mapOf([]));
}

function mergeOf(merge: Value | undefined): ListMerge {
  if (merge === undefined || merge === null) return 'replace';
  const known = merges.find((name) => name === merge);
  const name = textOf(merge);
  return (
    known ??
    fail(codes.filterFailed, `'combine' knows no list_merge '${name}'`, `Known are ${merges.join(', ')}.`)
  );
}

function merged(
  left: ValueMap,
  right: ValueMap,
  how: { readonly recursive: boolean; readonly merge: ListMerge },
): ValueMap {
  const result = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const old = result.get(key);
    const joins = isMap(value) ? how.recursive : isList(value) && how.merge !== 'replace';
    if (old instanceof Unknown && joins) result.set(key, old);
    else if (how.recursive && isMap(old) && isMap(value)) result.set(key, merged(old, value, how));
    else if (isList(old) && isList(value)) result.set(key, mergedLists(old, value, how.merge));
    else result.set(key, value);
  }
  return mapOf(result);
}

function mergedLists(old: readonly Value[], fresh: readonly Value[], merge: ListMerge): readonly Value[] {
  const oldOnly = () => old.filter((item) => !fresh.some((other) => same(item, other)));
  switch (merge) {
    case 'replace':
      return fresh;
    case 'keep':
      return old;
    case 'append':
      return [...old, ...fresh];
    case 'prepend':
      return [...fresh, ...old];
    case 'append_rp':
      return [...oldOnly(), ...fresh];
    case 'prepend_rp':
      return [...fresh, ...oldOnly()];
  }
}
