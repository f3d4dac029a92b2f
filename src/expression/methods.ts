import type { Problem } from '../core/failure.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { listOf, numberArgument, properList, textArgument, textOf } from './arguments.ts';
import { checkSize } from './arithmetic.ts';
import type { Bound, Filter, Parameters, Table } from './callable.ts';
import { same, withArticle } from './compare.ts';
import { codes, fail } from './problems.ts';
import { capitalized, replaced, splitFromEnd, splitText, titled, trimmed } from './text.ts';

/** A method of texts, maps or lists; run like a filter whose input is what stands before the dot. */
export type Method = Filter;

function ofText(parameters: Parameters, run: (text: string, args: Bound) => Value): Method {
  return { parameters, reads: 'content', run: (input, args) => run(textOf(input), args) };
}

const textMethods: Table<Method> = {
  startswith: ofText(['prefix'], (text, args) => ends(args).some((end) => text.startsWith(end))),
  endswith: ofText(['suffix'], (text, args) => ends(args).some((end) => text.endsWith(end))),
  split: ofText(['sep?', 'maxsplit?'], (text, args) =>
    splitText(text, args[0] ?? null, numberArgument(args, 1, -1)),
  ),
  rsplit: ofText(['sep?', 'maxsplit?'], (text, args) =>
    splitFromEnd(text, args[0] ?? null, numberArgument(args, 1, -1)),
  ),
  splitlines: ofText([], (text) => {
    const lines = text.split(/\r\n|\r|\n/);
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }),
  strip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'both')),
  lstrip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'left')),
  rstrip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'right')),
  lower: ofText([], (text) => text.toLowerCase()),
  upper: ofText([], (text) => text.toUpperCase()),
  title: ofText([], titled),
  capitalize: ofText([], capitalized),
  replace: ofText(['old', 'new', 'count?'], (text, args) =>
    replaced(text, [textArgument(args, 0), textArgument(args, 1)], numberArgument(args, 2, -1)),
  ),
  find: ofText(['sub'], (text, args) => text.indexOf(textArgument(args, 0))),
  rfind: ofText(['sub'], (text, args) => text.lastIndexOf(textArgument(args, 0))),
  count: ofText(['sub'], (text, args) => text.split(textArgument(args, 0)).length - 1),
  join: ofText(['items'], (text, [items]) =>
    listOf(items ?? null, 'join')
      .map(textOf)
      .join(text),
  ),
  isdigit: ofText([], (text) => /^\p{Nd}+$/u.test(text)),
  isalpha: ofText([], (text) => /^\p{L}+$/u.test(text)),
  isalnum: ofText([], (text) => /^[\p{L}\p{Nd}]+$/u.test(text)),
  zfill: ofText(['width'], (text, args) => {
    checkSize(numberArgument(args, 0, 0));
    return text.padStart(numberArgument(args, 0, 0), '0');
  }),
  format: {
    parameters: ['*values', '**named'],
    reads: 'content',
    run: (input, [values, named]) => {
      const list = properList(values, 'format');
      let next = 0;
      return textOf(input).replace(/\{\{|\}\}|\{(\w*)\}/g, (whole, name?: string) => {
        if (name === undefined) return whole.charAt(0);
        const value = /^\d*$/.test(name)
          ? list[name === '' ? next++ : Number(name)]
          : isMap(named)
            ? named[name]
            : undefined;
        const hint = 'Give one value for each {} of the text.';
        return value === undefined
          ? fail(codes.filterFailed, `'format' has no value for ${whole}`, hint)
          : textOf(value);
      });
    },
  },
};

function ends([end = null]: Bound): readonly string[] {
  return isList(end) ? end.map(textOf) : [textOf(end)];
}

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
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? null : textMethods;
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
