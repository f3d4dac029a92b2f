import { Unknown } from '../../core/unknown.ts';
import type { Value } from '../../core/value.ts';
import { listOf, mapArgument, properList, textOf } from '../arguments.ts';
import { attributeOf, findAttribute, presentAttribute } from '../attribute.ts';
import type { Bound, Filter, Given, Table, Tools } from '../callable.ts';
import { truth } from '../compare.ts';
import { codes, fail } from '../problems.ts';

/** Filters that apply another filter or a test to each item. */
export const selectFilters: Table<Filter> = {
  map: {
    parameters: ['filter?', '*args', '**named'],
    reads: 'structure',
    run: (input, args, tools) => mapped(input, args, tools),
  },
  select: items('select', true),
  reject: items('reject', false),
  selectattr: attributes('selectattr', true),
  rejectattr: attributes('rejectattr', false),
};

function mapped(input: Value, [filter, rest, named]: Bound, tools: Tools): Value {
  const list = listOf(input, 'map');
  const given: Given = { positional: properList(rest, 'map'), named: mapArgument(named, 'map') };
  if (filter !== undefined) return list.map((item) => tools.filter(textOf(filter), item, given));
  const { attribute, default: otherwise, ...others } = given.named;
  const [stranger] = Object.keys(others);
  if (attribute === undefined || stranger !== undefined) {
    const problem =
      stranger === undefined ? 'needs the name of a filter or attribute=' : `has no argument '${stranger}'`;
    return fail(codes.wrongArguments, `'map' ${problem}`, "Write map('upper') or map(attribute='name').");
  }
  return list.map((item) => {
    if (otherwise === undefined) return attributeOf(item, attribute);
    return findAttribute(item, attribute) ?? otherwise;
  });
}

/** Keeps the items that pass (or fail) a test; without a test those that are true. */
function items(name: string, wanted: boolean): Filter {
  return {
    parameters: ['test?', '*args', '**named'],
    reads: 'structure',
    run: (input, [test, rest, named], tools) => {
      const given: Given = { positional: properList(rest, name), named: mapArgument(named, name) };
      return kept(listOf(input, name), wanted, (item) =>
        test === undefined ? truth(item) : tools.test(textOf(test), item, given),
      );
    },
  };
}

/** Keeps the items whose attribute passes (or fails) a test; without a test those whose attribute is true. */
function attributes(name: string, wanted: boolean): Filter {
  return {
    parameters: ['attribute', 'test?', '*args', '**named'],
    reads: 'structure',
    run: (input, [path = null, test, rest, named], tools) => {
      const given: Given = { positional: properList(rest, name), named: mapArgument(named, name) };
      const plain = test === undefined ? null : textOf(test);
      const guards = plain !== null && /^(?:un)?defined$/.test(plain);
      return kept(listOf(input, name), wanted, (item) => {
        const value = guards ? presentAttribute(item, path) : attributeOf(item, path);
        return plain === null ? truth(value ?? null) : tools.test(plain, value, given);
      });
    },
  };
}

function kept(list: readonly Value[], wanted: boolean, test: (item: Value) => boolean | Unknown): Value {
  const result: Value[] = [];
  for (const item of list) {
    const answer = test(item);
    // How many items remain hangs on the unknown one, so the list as a whole is unknown.
    if (answer instanceof Unknown) return answer;
    if (answer === wanted) result.push(item);
  }
  return result;
}
