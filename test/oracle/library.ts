import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type OracleCase, parseCase } from './case-file.ts';

const casesFolder = new URL('cases/', import.meta.url).pathname;

/** The file of a case. */
export function fileOfCase(name: string, folder = casesFolder): string {
  return join(folder, `${name}.txt`);
}

/** All cases in order of their names. */
export function allCases(folder = casesFolder): readonly OracleCase[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.txt'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => parseCase(relative(folder, path).slice(0, -'.txt'.length), readFileSync(path, 'utf8')));
}

/** Names of cases that hapb does not pass yet, each with the reason. */
export function pendingCases(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL('pending.txt', import.meta.url), 'utf8');
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, string] => {
        const [name = '', reason = ''] = line.split(/: (.*)/s);
        return [name, reason];
      }),
  );
}
