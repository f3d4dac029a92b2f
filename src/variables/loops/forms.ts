import { Failure } from '../../core/failure.ts';
import { isList, isMap, typeName, type Value, type ValueMap } from '../../core/value.ts';
import { fileContents, filesByPattern } from '../../expression/files.ts';
import { firstFound, isSet } from '../../expression/first-found.ts';
import { printed } from '../../expression/print-value.ts';
import { composed } from '../../expression/secrecy.ts';
import type { LoopPlace } from './place.ts';
import { sequence } from './sequence.ts';

/** Turns the terms of a `with_…` keyword into the items of its loop. @throws Failure HAPB3007, HAPB3008 */
export type LoopForm = (terms: readonly Value[], place: LoopPlace) => readonly Value[];

/** Ansible's `with_…` keywords by what follows the underscore. One value that is no list counts as a list of it. */
export const loopForms = {
  items: (terms) => terms.flatMap(itemsOf),
  list: (terms) => terms,
  dict: (terms) => terms.flatMap(pairsOf),
  indexed_items: (terms) => terms.flatMap(itemsOf).map((item, index) => [index, item]),
  nested: (terms) =>
    terms
      .map(itemsOf)
      .reduce<readonly (readonly Value[])[]>(
        (rows, column) =>
          rows.flatMap((row) => column.map((item) => [...row, ...itemsOf(item).flatMap(itemsOf)])),
        [[]],
      ),
  together(terms) {
    const columns = terms.map(itemsOf);
    const length = Math.max(0, ...columns.map((column) => column.length));
    return Array.from({ length }, (_none, row) => columns.map((column) => column[row] ?? null));
  },
  subelements: (terms) => subelements(terms),
  sequence: (terms) => terms.flatMap(sequence),
  fileglob: (terms, place) => terms.flatMap((term) => filesByPattern(place, term)),
  first_found: (terms, place) => firstFound(place, terms),
  file: (terms, place) =>
    terms.map((term) => composed(fileContents(place, term, place.files), (text) => printed(text).trimEnd())),
  inventory_hostnames: (terms, place) => place.hosts(terms.map(printed).join(':')),
} as const satisfies Readonly<Record<string, LoopForm>>;

/** What may follow `with_`. */
export type LoopFormName = keyof typeof loopForms;

function itemsOf(term: Value): readonly Value[] {
  return isList(term) ? term : [term];
}

function pairsOf(term: Value): readonly Value[] {
  if (isMap(term)) return Object.entries(term).map(([key, value]) => ({ key, value }));
  throw wrongTerms(`with_dict needs a map, but is a ${typeName(term)}`, 'Loop over a list with "loop".');
}

/** Each item of the list that `path` leads to inside each map, together with its map (without that list). */
function subelements([elements, path, flags]: readonly Value[]): readonly Value[] {
  if (!(isList(elements) || isMap(elements)) || typeof path !== 'string') {
    throw wrongTerms(
      'with_subelements needs a list of maps and the name of the list inside them',
      'Write: with_subelements: ["{{ users }}", keys], with {skip_missing: true} as a third item where it may be absent.',
    );
  }
  if (isMap(elements) && elements.skipped === true) return [];
  const skips = isMap(flags) && isSet(flags.skip_missing);
  return (isMap(elements) ? Object.values(elements) : elements).flatMap((element) => {
    if (isMap(element) && element.skipped === true) return [];
    const found = takenOut(element, path.split('.'));
    if (found !== null && isList(found.list)) return found.list.map((item) => [found.rest, item]);
    if (skips && found === null) return [];
    throw wrongTerms(
      `with_subelements finds no list "${path}" in one of its items`,
      'Add it there, or allow for its absence with {skip_missing: true} as the third item.',
    );
  });
}

function takenOut(
  element: Value,
  [key = '', ...deeper]: readonly string[],
): { readonly list: Value; readonly rest: ValueMap } | null {
  const inner = isMap(element) && Object.hasOwn(element, key) ? element[key] : undefined;
  if (!isMap(element) || inner === undefined) return null;
  const { [key]: _inner, ...others } = element;
  if (deeper.length === 0) return { list: inner, rest: others };
  const found = takenOut(inner, deeper);
  return found === null ? null : { list: found.list, rest: { ...others, [key]: found.rest } };
}

function wrongTerms(message: string, hint: string): Failure {
  return new Failure({ code: 'HAPB3007', message, hint });
}
