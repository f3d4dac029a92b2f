// `npm run docs`: writes the parts of docs/ that are made from the program (.config/docs/pages.ts), and removes pages of
// modules that are gone. A unit test fails while they are out of date.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importTypescript } from './import-typescript.mjs';

const pages = await importTypescript('.config/docs/pages.ts');
const whole = pages.wholePages();
await mkdir('docs/modules', { recursive: true });
for (const name of await readdir('docs/modules')) {
  if (!whole.has(`modules/${name}`)) await rm(join('docs/modules', name));
}
for (const [path, text] of whole) await writeFile(join('docs', path), text);

for (const name of await readdir('docs')) {
  if (!name.endsWith('.md')) continue;
  const path = join('docs', name);
  const before = await readFile(path, 'utf8');
  const after = pages.withMadeParts(before);
  if (after !== before) await writeFile(path, after);
}
console.log(`docs: ${whole.size} pages`);
