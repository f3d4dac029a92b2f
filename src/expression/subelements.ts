import { Failure } from '../core/failure.ts';
import { Unknown, Unresolved } from '../core/unknown.ts';
import { isList, isMap, type Value, type ValueMap } from '../core/value.ts';
import { isSet } from './first-found.ts';

/** Each item of the list that `path` leads to inside each map, together with its map (without that list). @throws Failure HAPB3007, Unresolved */
export function subelements([elements, path, flags]: readonly Value[]): readonly Value[] {
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
    if (found?.list instanceof Unknown) throw new Unresolved(found.list);
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
  if (element instanceof Unknown) throw new Unresolved(element);
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
