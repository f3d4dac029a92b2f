import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wholePages, withMadeParts } from '../../../.config/docs/pages.ts';
import { page, pages } from './examples.ts';

const made = wholePages();

describe('pages made from the program', () => {
  test.each([...made])('docs/%s is up to date (else: npm run docs)', (path, text) => {
    expect(page(`docs/${path}`)).toBe(text);
  });

  test('no page is of a module that is gone', () => {
    const folder = new URL('../../../docs/modules', import.meta.url).pathname;
    const extra = readdirSync(folder).filter((name) => !made.has(`modules/${name}`));
    expect(extra).toEqual([]);
  });
});

describe('made parts of pages', () => {
  const withParts = pages().filter((path) => page(path).includes('<!-- made: '));

  test('are found', () => {
    expect(withParts).toContain('docs/playbooks.md');
  });

  test.each(withParts)('%s is up to date (else: npm run docs)', (path) => {
    expect(page(path)).toBe(withMadeParts(page(path)));
  });

  test('a page that asks for something unknown is an error', () => {
    expect(() => withMadeParts('<!-- made: nothing -->\n<!-- end -->')).toThrow(
      "there is no made part 'nothing'; there are keywords, refused, precedence, environment",
    );
  });
});
