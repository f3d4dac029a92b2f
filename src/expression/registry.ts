import type { Value } from '../core/value.ts';
import type { Filter, Table, Test } from './callable.ts';
import { truth } from './compare.ts';
import { chanceFilters } from './filters/chance.ts';
import { combinationFilters } from './filters/combinations.ts';
import { ipFilters } from './filters/ip.ts';
import { jsonFilters } from './filters/json.ts';
import { jsonQueryFilters } from './filters/json-query.ts';
import { listFilters } from './filters/lists.ts';
import { mapFilters } from './filters/maps.ts';
import { numberFilters } from './filters/numbers.ts';
import { ownFileFilters } from './filters/own-files.ts';
import { passwordFilters } from './filters/passwords.ts';
import { pathFilters } from './filters/paths.ts';
import { proseFilters } from './filters/prose.ts';
import { regexFilters } from './filters/regex.ts';
import { selectFilters } from './filters/select.ts';
import { textFilters } from './filters/text.ts';
import { unitFilters } from './filters/units.ts';
import { yamlFilters } from './filters/yaml.ts';
import { tests } from './tests.ts';

/** `default` where the value is there; where it is not the evaluator takes the argument. */
const defaultFilter: Filter = {
  parameters: ['default_value?', 'boolean?'],
  reads: 'structure',
  run: (input, [value = '', onlyTrue]): Value =>
    onlyTrue === true && truth(input) === false ? value : input,
};

const mandatory: Filter = { parameters: ['msg?'], reads: 'structure', run: (input) => input };

const filters: Table<Filter> = {
  default: defaultFilter,
  d: defaultFilter,
  mandatory,
  ...textFilters,
  ...proseFilters,
  ...pathFilters,
  ...ownFileFilters,
  ...unitFilters,
  ...listFilters,
  ...combinationFilters,
  ...chanceFilters,
  ...passwordFilters,
  ...mapFilters,
  ...numberFilters,
  ...regexFilters,
  ...jsonFilters,
  ...jsonQueryFilters,
  ...yamlFilters,
  ...selectFilters,
  ...ipFilters,
};

/** Collections whose names may stand before a filter or test. */
const collection = /^(?:ansible\.(?:builtin|legacy|utils|netcommon|posix)|community\.general)\./;

/** The name without its collection. */
export function shortName(name: string): string {
  return name.replace(collection, '');
}

/** The filter of this name, with or without collection; `null` when there is none. */
export function filterOf(name: string): Filter | null {
  const short = shortName(name);
  return Object.hasOwn(filters, short) ? (filters[short] ?? null) : null;
}

/** The test of this name, with or without collection; `null` when there is none. */
export function testOf(name: string): Test | null {
  const short = shortName(name);
  return Object.hasOwn(tests, short) ? (tests[short] ?? null) : null;
}

/** The names of all filters, sorted. */
export const filterNames: readonly string[] = Object.keys(filters).sort();

/** The names of all tests, sorted. */
export const testNames: readonly string[] = Object.keys(tests).sort();
