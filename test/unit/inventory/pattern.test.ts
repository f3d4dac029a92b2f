import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitHosts, selectHosts } from '../../../src/inventory/pattern.ts';
import { folderWith, good, loadText, said } from './harness.ts';

const inventory = good(
  loadText(
    'i.yml',
    'all:\n  hosts: {lone: }\n  children:\n    web: {hosts: {w1: , w2: , w3: , "10.0.0.1": }}\n    db: {hosts: {d1: , w2: }}\n    none: {hosts: }\n',
  ),
);

function select(pattern: string): string {
  const result = selectHosts(pattern, inventory);
  if (!result.ok) return said(result.diagnostics).join('\n');
  return [...result.value.map(({ name }) => name), ...said(result.warnings)].join(' ');
}

describe('selectHosts', () => {
  test.each([
    ['all', 'lone w1 w2 w3 10.0.0.1 d1'],
    ['*', 'lone w1 w2 w3 10.0.0.1 d1'],
    ['db', 'd1 w2'],
    ['w3,w1', 'w3 w1'],
    ['db:web', 'd1 w2 w1 w3 10.0.0.1'],
    ['web:&db', 'w2'],
    ['&db:web', 'w2'],
    ['web:!db', 'w1 w3 10.0.0.1'],
    ['!db,web', 'w1 w3 10.0.0.1'],
    ['!web', 'lone d1'],
    ['w*', 'w1 w2 w3 10.0.0.1'],
    ['w?', 'w1 w2 w3'],
    ['w[!3]', 'w1 w2'],
    ['~[dw]1', 'w1 d1'],
    ['web[0]', 'w1'],
    ['web[-1]', '10.0.0.1'],
    ['web[-2]', 'w3'],
    ['web[0:1]', 'w1 w2'],
    ['web[1:]', 'w2 w3 10.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.*', '10.0.0.1'],
    ['localhost', 'localhost'],
    ['ungrouped', 'lone'],
    ['webb', '<command line>:1:1 HAPB3120 no host or group is called webb | Did you mean `web`?'],
    [
      'lone,nowhere',
      'lone <command line>:1:1 HAPB3120 no host or group is called nowhere | Known groups are: all, ungrouped, web, db, none.',
    ],
    [
      'none',
      '<command line>:1:1 HAPB3123 the group none has no hosts | Add hosts to it in the inventory, or leave it out of the pattern.',
    ],
    [
      'web[9]',
      '<command line>:1:1 HAPB3124 web[9] lies outside: there are 4 hosts, counted from 0 | Use an index from 0 to 3.',
    ],
    [
      'w[-2:-1]',
      'w2 <command line>:1:1 HAPB3124 w[-2:-1] is no range of positions, so it means a set of letters, as in other globs | A range is [FROM:TO] or [FROM:], counted from 0 at the front; a position alone may count from the end: [-1].',
    ],
    [
      'w[😀-\uff00]*',
      '<command line>:1:1 HAPB3120 no host or group is called w[😀-\uff00]* | Known groups are: all, ungrouped, web, db, none.',
    ],
  ])('%s', (pattern, expected) => {
    expect(select(pattern)).toBe(expected);
  });

  test('tells a bad regular expression', () => {
    expect(select('~w(')).toMatch(/^<command line>:1:1 HAPB3121 ~w\( is not a regular expression: /);
  });

  test('agrees with sets put together in order', () => {
    const groups = [...inventory.groups.keys()].filter((name) => name !== 'none');
    const part = fc.tuple(fc.constantFrom('', '&', '!'), fc.constantFrom(...groups));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const hostsOf = (sign: string): readonly (readonly string[])[] =>
          parts.filter(([own]) => own === sign).map(([, name]) => inventory.groups.get(name)?.hosts ?? []);
        const plain = hostsOf('').length === 0 ? [[...inventory.hosts.keys()]] : hostsOf('');
        const expected = [...new Set(plain.flat())]
          .filter((host) => hostsOf('&').every((hosts) => hosts.includes(host)))
          .filter((host) => !hostsOf('!').some((hosts) => hosts.includes(host)));
        const chosen = good(selectHosts(parts.map(([sign, name]) => `${sign}${name}`).join(','), inventory));
        expect(chosen.map(({ name }) => name)).toEqual(expected);
      }),
    );
  });
});

describe('limitHosts', () => {
  test('reads names from a file', () => {
    const file = join(folderWith({ retry: 'w1\n# no\n\nd1\n' }), 'retry');
    expect([...good(limitHosts(`@${file}`, inventory))]).toEqual(['w1', 'd1']);
  });

  test('fails when nothing is left', () => {
    const result = limitHosts('webb', inventory);
    expect(result.ok ? [] : said(result.diagnostics)[0]).toBe(
      '--limit:1:1 HAPB3122 --limit webb leaves no host | Did you mean `web`?',
    );
  });
});
