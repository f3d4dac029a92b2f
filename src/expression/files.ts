import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { globExpression } from '../core/glob.ts';
import type { Text } from '../core/secret.ts';
import { typeName, type Value } from '../core/value.ts';
import { findFile, type SearchPlace } from './first-found.ts';
import type { Files } from './scope.ts';

/** Paths of the files of this machine whose names fit, sorted. Only the last part of a pattern may hold `*`, `?` and `[…]`. */
export function filesByPattern(place: SearchPlace, term: Value): readonly string[] {
  const pattern = nameIn(term, 'fileglob');
  const name = basename(pattern);
  if (name !== pattern) {
    const folder = findFile(place, dirname(pattern));
    return folder === null ? [] : matching(place, folder, name);
  }
  const folders = place.folders.flatMap((folder) => [join(folder, place.kind), folder]);
  for (const folder of folders) {
    const found = matching(place, folder, name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The text of a file of this machine; a Secret where it lies encrypted. @throws Failure HAPB3008, HAPB102x, HAPB35xx */
export function fileContents(place: SearchPlace, term: Value, files: Files | undefined): Text {
  return filesHere(files).read(pathOf(place, nameIn(term, 'file')));
}

/** Where a file of this machine lies. @throws Failure HAPB3008 with where it was looked for */
export function pathOf(place: SearchPlace, name: string): string {
  const path = findFile(place, name);
  if (path !== null) return path;
  throw new Failure({
    code: 'HAPB3008',
    message: `there is no file "${name}"`,
    hint: `It is looked up in ${place.folders.join(', ')} and in "${place.kind}" there.`,
  });
}

/** @throws Failure HAPB3009 where files cannot be read yet */
export function filesHere(files: Files | undefined): Files {
  if (files !== undefined) return files;
  throw new Failure({
    code: 'HAPB3009',
    message: 'files cannot be read here, before the run begins',
    hint: 'Write the value itself, or look it up in a variable that tasks use.',
  });
}

/** The name of a file. @throws Failure HAPB3007 */
export function nameIn(term: Value, lookup: string): string {
  if (typeof term === 'string') return term;
  throw new Failure({
    code: 'HAPB3007',
    message: `${lookup} needs names of files, but one is a ${typeName(term)}`,
    hint: 'Write a text, or several of them.',
  });
}

function matching({ files }: SearchPlace, folder: string, pattern: string): readonly string[] {
  files?.settled?.(resolve(folder));
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
