import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { globExpression } from '../../core/glob.ts';
import { isList, isMap, typeName, type Value } from '../../core/value.ts';
import { readSource } from '../../document/read-file.ts';
import { printed } from '../../expression/print-value.ts';
import { isYes, type LoopPlace } from './place.ts';

/** Paths of the files of this machine whose names fit, sorted. Only the last part of a pattern may hold `*`, `?` and `[…]`. */
export function filesByPattern(place: LoopPlace, term: Value): readonly string[] {
  const pattern = textOf(term, 'with_fileglob');
  const name = basename(pattern);
  if (name !== pattern) {
    const folder = find(place, dirname(pattern));
    return folder === null ? [] : matching(folder, name);
  }
  const folders = place.folders.flatMap((folder) => [join(folder, place.kind), folder]);
  for (const folder of folders) {
    const found = matching(folder, name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The first of the named files that exists; none when a term says `skip`. @throws Failure HAPB3008 */
export function firstFound(place: LoopPlace, terms: readonly Value[]): readonly string[] {
  const names = terms.flatMap((term) => {
    if (!isMap(term)) return isList(term) ? term.map(printed) : [textOf(term, 'with_first_found')];
    const files = words(term.files, /[,;]/);
    const paths = words(term.paths, /[,:;]/);
    return paths.length === 0 ? files : paths.flatMap((path) => files.map((file) => join(path, file)));
  });
  for (const name of names) {
    const found = find(place, name);
    if (found !== null) return [found];
  }
  if (terms.some((term) => isMap(term) && isYes(term.skip))) return [];
  throw new Failure({
    code: 'HAPB3008',
    message: `none of these files exists: ${names.join(', ')}`,
    hint: `They are looked up in ${place.folders.join(', ')} and in "${place.kind}" there. Add "skip: true" if none is needed.`,
  });
}

/** The text of a file of this machine, without blanks at its end. @throws Failure HAPB3008, HAPB102x */
export function fileContents(place: LoopPlace, term: Value): string {
  const name = textOf(term, 'with_file');
  const path = find(place, name);
  if (path === null) {
    throw new Failure({
      code: 'HAPB3008',
      message: `there is no file "${name}"`,
      hint: `It is looked up in ${place.folders.join(', ')} and in "${place.kind}" there.`,
    });
  }
  const read = readSource(path);
  if (read.ok) return read.value.trimEnd();
  const [first] = read.diagnostics;
  throw new Failure({
    code: first?.code ?? 'HAPB3008',
    message: first?.message ?? path,
    hint: first?.hint ?? '',
  });
}

function find(place: LoopPlace, name: string): string | null {
  const candidates = isAbsolute(name)
    ? [name]
    : place.folders.flatMap((folder) => [join(folder, place.kind, name), join(folder, name)]);
  return candidates.find((path) => existsSync(path)) ?? null;
}

function matching(folder: string, pattern: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const fits = globExpression(pattern);
  return names
    .filter((name) => fits.test(name) && (pattern.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}

function words(value: Value | undefined, separators: RegExp): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((item) => words(item, separators));
  return printed(value)
    .split(separators)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function textOf(term: Value, keyword: string): string {
  if (typeof term === 'string') return term;
  throw new Failure({
    code: 'HAPB3007',
    message: `${keyword} needs names of files, but one is a ${typeName(term)}`,
    hint: 'Write a text, or a list of texts.',
  });
}
