import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../..', import.meta.url).pathname;

function codesIn(...folders: readonly string[]): readonly string[] {
  const texts = folders.flatMap((folder) =>
    readdirSync(`${root}src/${folder}`).map((file) => readFileSync(`${root}src/${folder}/${file}`, 'utf8')),
  );
  return [...new Set(texts.join('\n').match(/'HAPB\d{4}'/g))].map((code) => code.slice(1, -1)).sort();
}

function sections(file: string): readonly string[] {
  return [...readFileSync(`${root}docs/errors/${file}`, 'utf8').matchAll(/^## (HAPB\d{4}): /gm)]
    .map(([, code]) => String(code))
    .sort();
}

test.each([
  ['document.md', ['document']],
  ['inventory.md', ['variables', 'inventory']],
])('%s has a section for exactly the codes of its layers', (file, folders) => {
  const own = codesIn(...folders).filter((code) => file !== 'inventory.md' || code.startsWith('HAPB3'));
  expect(sections(file)).toEqual(own);
});
