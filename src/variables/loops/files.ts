import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { globExpression } from '../../core/glob.ts';
import { typeName, type Value } from '../../core/value.ts';
import { readSource } from '../../document/read-file.ts';
import { findFile } from '../../expression/first-found.ts';
import type { LoopPlace } from './place.ts';

/** Paths of the files of this machine whose names fit, sorted. Only the last part of a pattern may hold `*`, `?` and `[…]`. */
export function filesByPattern(place: LoopPlace, term: Value): readonly string[] {
  const pattern = textOf(term, 'with_fileglob');
  const name = basename(pattern);
  if (name !== pattern) {
    const folder = findFile(place, dirname(pattern));
    return folder === null ? [] : matching(folder, name);
  }
  const folders = place.folders.flatMap((folder) => [join(folder, place.kind), folder]);
  for (const folder of folders) {
    const found = matching(folder, name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The text of a file of this machine, without blanks at its end. @throws Failure HAPB3008, HAPB102x */
export function fileContents(place: LoopPlace, term: Value): string {
  const name = textOf(term, 'with_file');
  const path = findFile(place, name);
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

function textOf(term: Value, keyword: string): string {
  if (typeof term === 'string') return term;
  throw new Failure({
    code: 'HAPB3007',
    message: `${keyword} needs names of files, but one is a ${typeName(term)}`,
    hint: 'Write a text, or a list of texts.',
  });
}
