import { describe, expect, test } from 'vitest';
import { page } from './examples.ts';
import { hasTest, namedTests } from './named-tests.ts';

describe('docs/security.md', () => {
  test('names a test for every class of vulnerabilities', () => {
    const classes = page('docs/security.md')
      .split(/^\*\*(?=.+\*\*.*(?::|\n.*:)$)/m)
      .slice(1);
    expect(classes.length).toBeGreaterThanOrEqual(9);
    for (const text of classes) expect(text).toMatch(/^- `test\//m);
  });

  test.each(namedTests('docs/security.md'))('%s has the test that it names: %s', (file, title) => {
    expect(hasTest(file, title)).toBe(true);
  });
});
