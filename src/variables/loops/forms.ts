import { Failure } from '../../core/failure.ts';
import { isList, isMap, typeName, type Value } from '../../core/value.ts';
import { sequence } from '../../expression/counting.ts';
import { fileContents, filesByPattern } from '../../expression/files.ts';
import { firstFound } from '../../expression/first-found.ts';
import { printed } from '../../expression/print-value.ts';
import { composed } from '../../expression/secrecy.ts';
import { subelements } from '../../expression/subelements.ts';
import type { LoopPlace } from './place.ts';

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

function wrongTerms(message: string, hint: string): Failure {
  return new Failure({ code: 'HAPB3007', message, hint });
}
