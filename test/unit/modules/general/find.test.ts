import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Float } from '../../../../src/core/float.ts';
import { find } from '../../../../src/modules/general/find.ts';
import type { FindArgs } from '../../../../src/modules/general/find-result.ts';
import { grepPattern } from '../../../../src/modules/general/grep-pattern.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

const task = taskContext();

describe.each(shells)('find in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(at('deep/deeper'), { recursive: true });
    writeFileSync(at('a.log'), 'first\nsecond line\n');
    writeFileSync(at('deep/b.log'), 'x'.repeat(2000));
    writeFileSync(at('deep/deeper/c d.txt'), 'second\n');
    writeFileSync(at('.hidden.log'), '', { mode: 0o600 });
    symlinkSync('a.log', at('link.log'));
    // With `relatime` the first read after a change moves the access time, a later one does not.
    utimesSync(at('a.log'), 2_000_000_000, 1_000_000_000);
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const search = async (args: Omit<FindArgs, 'paths'>): Promise<readonly unknown[]> => {
    const all = { paths: host.directory, ...args };
    // The clock goes on between two looks, so the law's second look is not taken here.
    const output = find.output?.(all, await host.ask(find.probe(all, task)), task);
    const files = output?.files as readonly { readonly path: string }[];
    return files.map(({ path }) => path.slice(host.directory.length + 1));
  };

  it('lists plain files of the folder, and with recurse those below, shallow ones first', async () => {
    expect(await search({})).toEqual(['a.log']);
    expect(await search({ recurse: true })).toEqual(['a.log', 'deep/b.log', 'deep/deeper/c d.txt']);
    expect(await search({ recurse: true, depth: 2 })).toEqual(['a.log', 'deep/b.log']);
    expect(await search({ recurse: true, limit: 1 })).toEqual(['a.log']);
  });

  it('finds what is as old as the clock of Unix, of which busybox tells no time', async () => {
    utimesSync(at('deep/b.log'), 0, 0);
    expect(await search({ recurse: true, depth: 2 })).toEqual(['a.log', 'deep/b.log']);
  });

  it('tells kinds apart', async () => {
    expect(await search({ file_type: 'directory', recurse: true })).toEqual(['deep', 'deep/deeper']);
    expect(await search({ file_type: 'link' })).toEqual(['link.log']);
    expect(await search({ file_type: 'any', hidden: true })).toEqual([
      '.hidden.log',
      'a.log',
      'deep',
      'link.log',
    ]);
  });

  it('takes names by globs or patterns, and leaves some out', async () => {
    const all = { recurse: true, hidden: true };
    expect(await search({ ...all, patterns: '*.log', excludes: '.*' })).toEqual(['a.log', 'deep/b.log']);
    expect(await search({ ...all, patterns: ['[ab].*', 'c ?.txt'] })).toHaveLength(3);
    expect(await search({ ...all, patterns: ['b\\.'], use_regex: true })).toEqual(['deep/b.log']);
    expect(await search({ ...all, patterns: ['log'], use_regex: true })).toEqual([]);
  });

  it('takes files by age, size, permissions and content', async () => {
    const all = { recurse: true, hidden: true };
    expect(await search({ ...all, age: '52w' })).toEqual(['a.log']);
    expect(await search({ ...all, age: '-1h', patterns: '*.log' })).toEqual(['.hidden.log', 'deep/b.log']);
    expect(await search({ ...all, size: '1k' })).toEqual(['deep/b.log']);
    expect(await search({ ...all, size: -7 })).toEqual(['.hidden.log', 'deep/deeper/c d.txt']);
    expect(await search({ ...all, mode: '0600' })).toEqual(['.hidden.log']);
    expect(await search({ ...all, mode: 'g=r', exact_mode: false })).toHaveLength(3);
    expect(await search({ ...all, contains: 'second' })).toEqual(['a.log', 'deep/deeper/c d.txt']);
    expect(await search({ ...all, contains: '\\w+ l.*?ne' })).toEqual(['a.log']);
  });

  it('describes what it finds as Ansible does', async () => {
    const { output } = await expectLawful(
      find,
      { paths: [host.directory, '/no/such'], get_checksum: true },
      { host },
    );
    expect(output).toMatchObject({
      matched: 1,
      examined: 4,
      msg: 'Not all paths examined, check warnings for details',
      skipped_paths: { '/no/such': "'/no/such' is not a directory" },
      files: [
        {
          path: at('a.log'),
          size: 18,
          mtime: new Float(1_000_000_000),
          mode: '0644',
          isreg: true,
          islnk: false,
          wusr: true,
          wgrp: false,
          checksum: '260e3aeec6dc0ea925f378523bc04ad64e8366cb',
        },
      ],
    });
  });
});

describe('find', () => {
  it('refuses what grep cannot do, and ages that are none', () => {
    expect(() => find.probe({ paths: '/x', contains: '(?<=a)b' }, task)).toThrow(
      `the host's grep cannot search for "(?<=a)b"`,
    );
    expect(() => find.output?.({ paths: '/x', age: '2y' }, [], task)).toThrow('"2y" is no age');
  });

  it.each([
    ['a.b\\.c', 'a.b\\.c'],
    ['(?:a|b)+?\\d', '(a|b)+[0-9]'],
    ['[\\d\\]-]', '[]0-9-]'],
    ['[^\\s,]', '[^[:space:],]'],
    ['[\\^a]', '[a^]'],
    ['x{2,3}{', 'x{2,3}\\{'],
    ['\\Aa\\Z', '^a$'],
    ['(?P<n>a)', '(a)'],
  ])('turns the pattern %s into %s for grep', (python, posix) => {
    expect(grepPattern(python)?.pattern).toBe(posix);
  });

  it.each(['(?=a)', '(a)\\1', '\\bword', 'a*+', '[a', '\\'])(
    'knows no pattern for grep like %s',
    (python) => {
      expect(grepPattern(python)).toBeNull();
    },
  );
});
