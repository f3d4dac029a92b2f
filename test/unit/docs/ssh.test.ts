import { describe, expect, test } from 'vitest';
import { groups, page as written } from '../../lab/sshd/page.ts';
import { page } from './examples.ts';
import { hasTest, namedTests } from './named-tests.ts';

describe('docs/ssh.md', () => {
  test('tells of each row that is tried', () => {
    expect(page('docs/ssh.md')).toBe(written());
  });

  test('has no demand twice', () => {
    const demands = groups.flatMap(([, rows]) => rows.map(({ demand }) => demand));
    expect(demands.filter((demand, index) => demands.indexOf(demand) !== index)).toEqual([]);
  });

  test.each(namedTests('docs/ssh.md'))('%s has the test that it names: %s', (file, title) => {
    expect(hasTest(file, title)).toBe(true);
  });
});
