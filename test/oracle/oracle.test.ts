import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hapbTool } from './hapb-tool.ts';
import { allCases, pendingCases } from './library.ts';
import { observe } from './observe.ts';

const cases = allCases();
const pending = pendingCases();

describe('hapb does what ansible-core was seen to do', () => {
  test.each(cases.filter(({ name }) => !pending.has(name)))('$name', async (oracleCase) => {
    const seen = await observe(oracleCase, hapbTool);
    expect(seen).toBe(oracleCase.hapb ?? oracleCase.ansible);
  });
});

describe('what is pending', () => {
  test.each(cases.filter(({ name }) => pending.has(name)))('still differs: $name', async (oracleCase) => {
    const seen = await observe(oracleCase, hapbTool);
    expect(
      seen,
      `it passes now: take the line '${oracleCase.name}: …' out of test/oracle/pending.txt`,
    ).not.toBe(oracleCase.hapb ?? oracleCase.ansible);
  });

  test('is named with a reason, and exists', () => {
    const names = new Set(cases.map(({ name }) => name));
    expect([...pending].filter(([name, reason]) => !names.has(name) || reason === '')).toEqual([]);
  });
});

test('every case is recorded, and says in its head what it is about', () => {
  const bad = cases.filter(({ ansible, source }) => ansible === null || !source.startsWith('# '));
  expect(bad.map(({ name }) => name)).toEqual([]);
});

test('deliberate differences are the ones that the page for people from Ansible names', () => {
  const page = readFileSync(new URL('../../docs/coming-from-ansible.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/\(\.\.\/test\/oracle\/cases\/([^)]+)\.txt\)/g)].map(
    ([, name = '']) => name,
  );
  const recorded = cases.filter(({ hapb }) => hapb !== null).map(({ name }) => name);
  expect([...new Set(named)].sort()).toEqual(recorded);
});
