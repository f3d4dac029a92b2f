import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { page } from './examples.ts';

const src = new URL('../../../src/', import.meta.url).pathname;

function codesInSource(): ReadonlySet<string> {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = files.map((name) => readFileSync(join(src, name), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/HAPB\d{4}/g) ?? []));
}

const sections = page('docs/errors.md')
  .split(/^(?=### )/m)
  .slice(1)
  .map((text) => ({ code: /^### (HAPB\d{4}): \S/.exec(text)?.[1] ?? text.slice(0, 40), text }));
const documented = new Set(sections.map(({ code }) => code));

test('every error code of the program has its section in docs/errors.md', () => {
  expect([...codesInSource()].filter((code) => !documented.has(code)).sort()).toEqual([]);
});

test('every section of docs/errors.md is of a code that the program has', () => {
  const codes = codesInSource();
  expect([...documented].filter((code) => !codes.has(code))).toEqual([]);
});

test('no code has two sections, and they stand in order', () => {
  const listed = sections.map(({ code }) => code);
  expect(listed).toEqual([...documented].sort());
});

test('every section says more than its title', () => {
  const bare = sections.filter(
    ({ text }) =>
      text
        .replace(/^### .*/, '')
        .replace(/^## .*/gm, '')
        .trim().length < 40,
  );
  expect(bare.map(({ code }) => code)).toEqual([]);
});
