import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { page } from './examples.ts';

const root = new URL('../../..', import.meta.url).pathname;
const named = [...page('docs/security.md').matchAll(/^- `(test\/\S+)`: (.+)$/gm)].map(
  ([, file = '', title = '']) => [file, title] as const,
);

describe('docs/security.md', () => {
  test('names a test for every class of vulnerabilities', () => {
    const classes = page('docs/security.md')
      .split(/^\*\*(?=.+\*\*.*(?::|\n.*:)$)/m)
      .slice(1);
    expect(classes.length).toBeGreaterThanOrEqual(9);
    for (const text of classes) expect(text).toMatch(/^- `test\//m);
  });

  test.each(named)('%s has the test that it names: %s', (file, title) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    const text = readFileSync(join(root, file), 'utf8');
    const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
    expect(
      quoted.some((form) => text.includes(form)),
      title,
    ).toBe(true);
  });
});
