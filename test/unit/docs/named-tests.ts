import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './examples.ts';

const root = new URL('../../..', import.meta.url).pathname;

/** The tests that a page names in lines such as "- `test/FILE`: TITLE". */
export function namedTests(path: string): readonly (readonly [file: string, title: string])[] {
  return [...page(path).matchAll(/^- `(test\/\S+)`: (.+)$/gm)].map(
    ([, file = '', title = '']) => [file, title] as const,
  );
}

/** Whether the file is there and has a test of this title. */
export function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const text = readFileSync(join(root, file), 'utf8');
  const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((form) => text.includes(form));
}
