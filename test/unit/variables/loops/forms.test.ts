import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import type { Value } from '../../../../src/core/value.ts';
import { filesOf } from '../../../../src/variables/files.ts';
import { type LoopFormName, loopForms } from '../../../../src/variables/loops/forms.ts';
import { plainTools } from '../../../../src/variables/vars-file.ts';
import { temporaryFolder } from '../../rig/run-playbook.ts';

function items(
  form: LoopFormName,
  terms: readonly Value[],
  folders: readonly string[] = [],
): readonly Value[] {
  return loopForms[form](terms, {
    folders,
    kind: 'files',
    files: filesOf(plainTools),
    hosts: (pattern) => [`<${pattern}>`],
  });
}

function problem(form: LoopFormName, terms: readonly Value[], folders: readonly string[] = []): string {
  try {
    items(form, terms, folders);
  } catch (thrown) {
    if (thrown instanceof Failure) return `${thrown.problem.code}: ${thrown.problem.message}`;
  }
  return 'no failure';
}

/** A folder with files, some of them in `files/`. */
function folderWith(...names: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'files'));
  for (const name of names) writeFileSync(join(folder, name), `text of ${name}\n\n`);
  return folder;
}

describe('with_…', () => {
  it('items flattens one level, list flattens nothing', () => {
    expect(items('items', [1, [2, [3]], 'x'])).toEqual([1, 2, [3], 'x']);
    expect(items('list', [1, [2, [3]]])).toEqual([1, [2, [3]]]);
  });

  it('dict gives keys with their values, of several maps one after the other', () => {
    expect(items('dict', [{ a: 1 }, { b: [2] }])).toEqual([
      { key: 'a', value: 1 },
      { key: 'b', value: [2] },
    ]);
    expect(problem('dict', ['a'])).toBe('HAPB3007: with_dict needs a map, but is a string');
  });

  it('indexed_items numbers from 0', () => {
    expect(items('indexed_items', ['a', ['b', ['c']]])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, ['c']],
    ]);
  });

  it('nested gives every combination, together what stands side by side', () => {
    expect(
      items('nested', [
        [1, 2],
        ['a', ['b', ['c']]],
      ]),
    ).toEqual([
      [1, 'a'],
      [1, 'b', 'c'],
      [2, 'a'],
      [2, 'b', 'c'],
    ]);
    expect(items('together', [[1, 2], ['a']])).toEqual([
      [1, 'a'],
      [2, null],
    ]);
    expect(items('together', [])).toEqual([]);
  });

  it('subelements gives each inner item with its map, which loses the inner list', () => {
    const users = [{ name: 'bob', ssh: { keys: ['k1', 'k2'] } }, { name: 'eve' }, { skipped: true }];
    expect(items('subelements', [users, 'ssh.keys', { skip_missing: 'yes' }])).toEqual([
      [{ name: 'bob', ssh: {} }, 'k1'],
      [{ name: 'bob', ssh: {} }, 'k2'],
    ]);
    expect(items('subelements', [{ skipped: true }, 'keys'])).toEqual([]);
    expect(problem('subelements', [users, 'ssh.keys'])).toBe(
      'HAPB3007: with_subelements finds no list "ssh.keys" in one of its items',
    );
    expect(problem('subelements', [users])).toBe(
      'HAPB3007: with_subelements needs a list of maps and the name of the list inside them',
    );
  });

  it('inventory_hostnames selects by pattern', () => {
    expect(items('inventory_hostnames', ['web', '!web1'])).toEqual(['<web:!web1>']);
  });
});

describe('with_sequence', () => {
  it.each([
    ['5', ['1', '2', '3', '4', '5']],
    ['5-8', ['5', '6', '7', '8']],
    ['4-16/4:x%02x', ['x04', 'x08', 'x0c', 'x10']],
    ['start=1 end=5 stride=2 format=host%02d', ['host01', 'host03', 'host05']],
    ['start=0x0e count=2', ['14', '15']],
    ['start=10 end=0 stride=-5', ['10', '5', '0']],
    ['start=1 count=3 stride=2', ['1', '3', '5']],
    ['count=0', []],
  ])('%s', (text, expected) => {
    expect(items('sequence', [text])).toEqual(expected);
  });

  it.each([
    ['start=5 end=2', 'HAPB3007: to count backwards, with_sequence needs a negative stride'],
    ['start=2 end=5 stride=-1', 'HAPB3007: to count forwards, with_sequence needs a positive stride'],
    ['start=2', 'HAPB3007: with_sequence needs either "end" or "count": start=2'],
    ['end=2 count=2', 'HAPB3007: with_sequence needs either "end" or "count": end=2 count=2'],
    ['end=two', 'HAPB3007: "end" of with_sequence is no whole number: two'],
    ['until=2', 'HAPB3007: with_sequence does not know "until=2"'],
    ['1000001', 'HAPB3007: with_sequence would make 1000001 items; at most 100000 are made'],
  ])('%s is an error', (text, message) => {
    expect(problem('sequence', [text])).toBe(message);
  });
});

describe('with_fileglob', () => {
  it('finds names in files/ before those beside it, sorted, without hidden ones', () => {
    const folder = folderWith('files/b.txt', 'files/a.txt', 'files/.c.txt', 'd.txt', 'd.md');
    expect(items('fileglob', ['*.txt'], [folder])).toEqual([
      join(folder, 'files/a.txt'),
      join(folder, 'files/b.txt'),
    ]);
    expect(items('fileglob', ['*.md', `${folder}/files/[!a].t?t`, 'files/.*'], [folder])).toEqual([
      join(folder, 'd.md'),
      join(folder, 'files/b.txt'),
      join(folder, 'files/.c.txt'),
    ]);
    expect(items('fileglob', ['none/*', '*.none'], [folder])).toEqual([]);
  });
});

describe('with_first_found and with_file', () => {
  it('gives the first that exists, and none where that may be', () => {
    const folder = folderWith('files/b.txt', 'a.txt');
    expect(items('first_found', ['none', 'b.txt', 'a.txt'], [folder])).toEqual([join(folder, 'files/b.txt')]);
    const paths: Value = { files: 'none, a.txt', paths: ['/nowhere', folder] };
    expect(items('first_found', [paths])).toEqual([join(folder, 'a.txt')]);
    expect(items('first_found', [{ files: ['none'], skip: true }], [folder])).toEqual([]);
    expect(problem('first_found', ['x', 'y'], [folder])).toBe('HAPB3008: none of these files exists: x, y');
  });

  it('reads files without the blanks at their ends', () => {
    const folder = folderWith('files/b.txt');
    expect(items('file', ['b.txt'], [folder])).toEqual(['text of files/b.txt']);
    expect(problem('file', ['c.txt'], [folder])).toBe('HAPB3008: there is no file "c.txt"');
    expect(problem('file', [5], [folder])).toBe('HAPB3007: file needs names of files, but one is a number');
  });
});
