import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { isList, isMap, typeName, type Value } from '../core/value.ts';
import { printed } from './print-value.ts';
import type { Files } from './scope.ts';

/** Where relative names are looked up. `kind`: the folder inside each that comes first, such as `files`; empty: none. */
export interface SearchPlace {
  readonly folders: readonly string[];
  readonly kind: string;
  /** Absent: the disk alone counts. */
  readonly files?: Files | undefined;
}

/** Options that stand beside the names instead of among them. */
export interface FirstFoundOptions {
  readonly files?: Value;
  readonly paths?: Value;
  readonly skip?: Value;
}

/**
 * The absolute path of the first of the named files that exists. A term is a name, a list of terms, or a map of `files`,
 * `paths` and `skip`, which then count for what follows too. Empty when none exists and `skip` is set. @throws Failure HAPB3007, HAPB3008
 */
export function firstFound(
  place: SearchPlace,
  terms: readonly Value[],
  options: FirstFoundOptions = {},
): readonly string[] {
  let counting = options;
  const wanted = terms.length > 0 ? terms : [options.files ?? []];
  const names = wanted.flatMap(function namesOf(term): readonly string[] {
    if (isList(term)) return term.flatMap(namesOf);
    if (isMap(term)) counting = term;
    else if (typeof term !== 'string') throw notNames(term);
    const files = words(isMap(term) ? term.files : term, /[,;]/);
    const paths = words(counting.paths, /[,:;]/);
    return paths.length === 0 ? files : paths.flatMap((path) => files.map((file) => join(path, file)));
  });
  for (const name of names) {
    const found = findFile(place, name);
    if (found !== null) return [resolve(found)];
  }
  if (isSet(counting.skip)) return [];
  const inside = place.kind === '' ? '' : ` and in "${place.kind}" there`;
  throw new Failure({
    code: 'HAPB3008',
    message: names.length === 0 ? 'no file is named' : `none of these files exists: ${names.join(', ')}`,
    hint: `They are looked up in ${place.folders.join(', ')}${inside}. Add "skip: true" if none is needed.`,
  });
}

/** Where a file or folder of this machine lies; `null`: nowhere. `~` is the home of who runs hapb. */
export function findFile({ folders, kind, files }: SearchPlace, name: string): string | null {
  const home = /^~(?=\/|$)/;
  const candidates = home.test(name)
    ? [name.replace(home, homedir())]
    : isAbsolute(name)
      ? [name]
      : folders.flatMap((folder) => [...new Set([join(folder, kind, name), join(folder, name)])]);
  const isThere = (path: string): boolean => {
    files?.settled?.(resolve(path));
    return existsSync(path);
  };
  return candidates.find(isThere) ?? null;
}

/** Whether a flag is set, in any of the ways in which playbooks write it. */
export function isSet(value: Value | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|yes|on|y|t|1)$/i.test(value));
}

function words(value: Value | undefined, separators: RegExp): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((item) => words(item, separators));
  return printed(value)
    .split(separators)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function notNames(term: Value): Failure {
  return new Failure({
    code: 'HAPB3007',
    message: `first_found needs names of files, but one is a ${typeName(term)}`,
    hint: 'Write a text, a list of texts, or a map of files, paths and skip.',
  });
}
