import type { Problem } from '../core/failure.ts';
import { numberIn } from '../core/float.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { properList, textOf } from './arguments.ts';
import type { Filter, Table } from './callable.ts';
import { same, withArticle } from './compare.ts';
import { codes, fail } from './problems.ts';
import { textMethods } from './text-methods.ts';

/** A method of texts, maps or lists; run like a filter whose input is what stands before the dot. */
export type Method = Filter;

const mapMethods: Table<Method> = {
  keys: { parameters: [], reads: 'structure', run: (input) => (isMap(input) ? Object.keys(input) : null) },
  values: {
    parameters: [],
    reads: 'structure',
    run: (input) => (isMap(input) ? Object.values(input) : null),
  },
  items: {
    parameters: [],
    reads: 'structure',
    run: (input) => (isMap(input) ? Object.entries(input) : null),
  },
  copy: { parameters: [], reads: 'structure', run: (input) => input },
  get: {
    parameters: ['key', 'default?'],
    reads: 'structure',
    run: (input, [key = null, otherwise = null]) => {
      const name = textOf(key);
      return isMap(input) && Object.hasOwn(input, name) ? (input[name] ?? null) : otherwise;
    },
  },
};

const listMethods: Table<Method> = {
  copy: { parameters: [], reads: 'structure', run: (input) => input },
  index: {
    parameters: ['item'],
    reads: 'order',
    run: (input, [item = null]) => {
      const place = properList(input, 'index').findIndex((candidate) => same(candidate, item));
      return place === -1
        ? fail(codes.filterFailed, "'index' does not find the item", 'Test first: item in list.')
        : place;
    },
  },
  count: {
    parameters: ['item'],
    reads: 'order',
    run: (input, [item = null]) =>
      properList(input, 'count').filter((candidate) => same(candidate, item)).length,
  },
};

/** Methods of Python that would change a value in place. */
export const changingMethods: ReadonlySet<string> = new Set([
  ...['append', 'extend', 'insert', 'pop', 'remove', 'update', 'setdefault', 'sort', 'reverse', 'clear'],
]);

/** HAPB4011: values never change. */
export function changesValue(name: string): Problem {
  const hint = 'Values never change here; make a new one: list + [item], map | combine({...}), list | sort.';
  return { code: codes.unknownMethod, message: `'.${name}()' would change the value`, hint };
}

/** The methods that a value has; `null` for values without any. */
export function methodsOf(value: Value): Table<Method> | null {
  if (isMap(value)) return mapMethods;
  if (isList(value)) return listMethods;
  return value === null || numberIn(value) !== null || typeof value === 'boolean' ? null : textMethods;
}

/** Fails because `value` has no such method. */
export function noMethod(value: Value, name: string): never {
  const known = Object.keys(methodsOf(value) ?? {});
  const hint = known.length === 0 ? 'Convert it with | string first.' : `Known are ${known.join(', ')}.`;
  return fail(codes.unknownMethod, `${withArticle(value)} has no method '${name}'`, hint);
}

/** Every method name, for messages before the value is known. */
export const methodNames: ReadonlySet<string> = new Set(
  [textMethods, mapMethods, listMethods].flatMap(Object.keys),
);
