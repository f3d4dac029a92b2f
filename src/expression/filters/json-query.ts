import jmespath from 'jmespath';
import { Float } from '../../core/float.ts';
import { isList, isMap, type Value } from '../../core/value.ts';
import { textArgument } from '../arguments.ts';
import type { Filter, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { mapOf, mapValues } from '../secrecy.ts';

/** `json_query` of community.general: a JMESPath expression over data. A whole float comes out as an integer. */
export const jsonQueryFilters: Table<Filter> = {
  json_query: {
    parameters: ['expr'],
    reads: 'content',
    run: (input, args) => {
      const query = textArgument(args, 0);
      try {
        return fromData(jmespath.search(plain(input), query));
      } catch (problem) {
        const words = problem instanceof Error ? problem.message : String(problem);
        return fail(
          codes.filterFailed,
          `the JMESPath expression ${query} cannot be used here: ${words}`,
          "Texts in it stand between '…', numbers between `…`; jmespath.org tells the rest.",
        );
      }
    },
  },
};

function plain(value: Value): Value {
  if (isList(value)) return value.map(plain);
  if (isMap(value)) return mapValues(value, plain);
  return value instanceof Float ? value.number : value;
}

function fromData(data: unknown): Value {
  if (Array.isArray(data)) return data.map(fromData);
  if (typeof data !== 'object' || data === null) return data as Value;
  return mapOf(Object.entries(data).map(([key, value]) => [key, fromData(value)]));
}
