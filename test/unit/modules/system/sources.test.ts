import { describe, expect, it } from 'vitest';
import { aptRepository } from '../../../../src/modules/system/apt-repository.ts';
import {
  aptSources,
  fileNameOf,
  parseSource,
  type SourceFile,
} from '../../../../src/modules/system/apt-sources.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from '../general/local-host.ts';

const who = { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' };
const list = '/etc/apt/sources.list';
const files: readonly SourceFile[] = [
  {
    path: list,
    lines: ['# Debian', 'deb http://deb.debian.org/debian  bookworm main # base', '# deb http://old.org a b'],
  },
  { path: '/etc/apt/sources.list.d/one.list', lines: ['deb http://one.org a b'] },
];
const diff = (repo: string, args: object = {}) =>
  aptRepository.diff({ repo, ...args }, { files, who }, taskContext());

describe('lines of sources', () => {
  it('are read with comments, and as comments', () => {
    expect(parseSource('deb  [arch=amd64] http://a.org  b c # why')).toEqual({
      source: 'deb [arch=amd64] http://a.org b c',
      state: 'enabled',
      comment: 'why',
    });
    expect(parseSource('#deb http://a.org b')?.state).toBe('disabled');
    expect(parseSource('# Debian')).toBeNull();
  });

  it('get files by the name of their address, as Ansible names them', () => {
    expect(fileNameOf('deb [arch=amd64] https://user:pw@packages.example.org/debian/x86 bookworm main')).toBe(
      'packages_example_org_debian_x86',
    );
  });

  it('are read from all files', async () => {
    const stdout = `@ ${list}\n  # Debian\n  deb http://a.org b c\n@ /etc/apt/sources.list.d/x.list\n  \n`;
    const host = fakeHost({ answers: { 'apt-sources': rawReply({ stdout }) } });
    expect(await host.ask(aptSources())).toEqual([
      { path: list, lines: ['# Debian', 'deb http://a.org b c'] },
      { path: '/etc/apt/sources.list.d/x.list', lines: [''] },
    ]);
  });

  it.each(shells)('are asked for without an error, in %s', async (shell) => {
    const host = localHost(shell);
    expect(Array.isArray(await host.ask(aptSources()))).toBe(true);
    host.dispose();
  });
});

describe('apt_repository', () => {
  it('adds a source in a file of its own, and foresees all sources', () => {
    const change = diff('deb https://new.org/debian bookworm main');
    expect(change?.edits).toEqual([
      {
        subject: '/etc/apt/sources.list.d/new_org_debian.list',
        before: null,
        after: 'deb https://new.org/debian bookworm main\n',
      },
    ]);
    expect(change?.effects.map(({ key }) => key)).toEqual([
      'file:/etc/apt/sources.list.d/new_org_debian.list',
      'apt-sources',
      'package-lists',
    ]);
    expect(change?.result.sources_added).toEqual(['/etc/apt/sources.list.d/new_org_debian.list']);
    expect(diff('deb http://two.org a', { filename: 'one' })?.edits[0]?.after).toBe(
      'deb http://one.org a b\ndeb http://two.org a\n',
    );
  });

  it('knows a source in whichever file it stands, and puts comments in force', () => {
    expect(diff('deb http://deb.debian.org/debian bookworm main')).toBeNull();
    expect(diff('deb http://old.org a b')?.edits).toMatchObject([
      { subject: list, after: expect.stringContaining('\ndeb http://old.org a b\n') as string },
    ]);
  });

  it('removes a source, and its file with it', () => {
    const change = diff('deb http://one.org a b', { state: 'absent', update_cache: false });
    expect(change?.edits).toMatchObject([{ subject: '/etc/apt/sources.list.d/one.list', after: null }]);
    expect(change?.effects.map(({ key }) => key)).not.toContain('package-lists');
    expect(diff('deb http://old.org a b', { state: 'absent' })).toBeNull();
  });

  it('says what is no source', () => {
    expect(() => diff('https://new.org/debian')).toThrow('no source of packages: https://new.org/debian');
    expect(() => diff('ppa:nginx/stable')).toThrow(
      'ppa:nginx/stable would have to be looked up at Launchpad',
    );
  });

  it('puts the files back when the lists cannot be read', async () => {
    const change = diff('deb http://new.org a');
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      onRun: () => ({}),
      onDurable: () => ({ kind: 'finished', exitCode: 100, output: 'E: 404  Not Found\n', adopted: false }),
    });
    await expect(aptRepository.apply(change, host)).rejects.toThrow(
      'the server does not have what the source names',
    );
    expect(host.deeds.map(({ kind }) => kind)).toEqual(['write', 'durable', 'run']);
  });
});
