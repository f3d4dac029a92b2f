import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Float } from '../../../../src/core/float.ts';
import { Unknown } from '../../../../src/core/unknown.ts';
import type { Value, ValueMap } from '../../../../src/core/value.ts';
import { type StatArgs, stat } from '../../../../src/modules/general/stat.ts';
import { attributesOf, deviceType, mimeOf } from '../../../../src/modules/general/stat-details.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe.each(shells)('stat in %s', (shell) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(shell);
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const described = async (args: StatArgs): Promise<ValueMap> =>
    (await expectLawful(stat, args, { host })).output.stat as ValueMap;

  // With `relatime` the first read after a change moves the access time, a later one does not.
  const write = (path: string): void => {
    writeFileSync(path, 'text\n');
    utimesSync(path, 2_000_000_000, 1_000_000_000);
  };

  it('says of a file what Ansible says', async () => {
    write(at('it'));
    chmodSync(at('it'), 0o4640);
    const found = await described({ path: at('it') });
    expect(found).toMatchObject({
      exists: true,
      path: at('it'),
      mode: '4640',
      isreg: true,
      isdir: false,
      ischr: false,
      issock: false,
      rusr: true,
      xusr: false,
      wgrp: false,
      roth: false,
      isuid: true,
      isgid: false,
      size: 5,
      nlink: 1,
      mtime: new Float(1_000_000_000),
      device_type: 0,
      block_size: 4096,
      readable: true,
      executable: false,
    });
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['pw_name', 'gr_name', 'dev', 'blocks']));
  });

  it('knows the kind of the content where the host has file(1), and does not miss it elsewhere', async () => {
    write(at('it'));
    const { mimetype, charset } = await described({ path: at('it') });
    const unknown = { mimetype: 'unknown', charset: 'unknown' };
    const text = { mimetype: 'text/plain', charset: 'us-ascii' };
    expect({ mimetype, charset }).toEqual(shell !== 'busybox' && has('file') ? text : unknown);
  });

  it('leaves out what is not asked for', async () => {
    write(at('it'));
    const args = { path: at('it'), get_mime: false, get_attributes: false, get_checksum: false };
    const names = Object.keys(await described(args));
    for (const name of ['mimetype', 'charset', 'attributes', 'attr_flags', 'version', 'checksum'])
      expect(names).not.toContain(name);
  });

  it('describes a folder, a device, a link, and where a link leads', async () => {
    mkdirSync(at('folder'));
    symlinkSync('folder', at('link'));
    symlinkSync('none/none', at('nowhere'));
    expect(await described({ path: at('folder') })).toMatchObject({ isdir: true, executable: true });
    expect(await described({ path: '/dev/null' })).toMatchObject({ ischr: true, device_type: 0x103 });
    const link = { islnk: true, isdir: false, lnk_target: 'folder', lnk_source: at('folder'), mode: '0777' };
    expect(await described({ path: at('link') })).toMatchObject(link);
    expect(await described({ path: at('link'), follow: true })).toMatchObject({ islnk: false, isdir: true });
    expect(await described({ path: at('nowhere'), follow: true })).toEqual({ exists: false });
  });
});

describe('stat, of recorded answers', () => {
  const attributes = (words: string): Value => attributesOf(new Map([['attributes', words]])) as ValueMap;
  const mime = (words: string): Value => mimeOf(new Map([['mime', words]])) as ValueMap;

  it('reads lsattr of e2fsprogs and busybox', () => {
    expect(attributes('988059321  ----i---------e------- /tmp/it')).toEqual({
      version: '988059321',
      attributes: ['immutable', 'extents'],
      attr_flags: 'ie',
    });
    expect(attributes('       0 ------------------- /tmp/it')).toEqual({
      version: '0',
      attributes: [],
      attr_flags: '',
    });
    expect(attributesOf(new Map())).toEqual({ version: null, attributes: [], attr_flags: '' });
  });

  it('reads file(1), and takes what is no answer for none', () => {
    expect(mime('application/gzip; charset=binary')).toEqual({
      mimetype: 'application/gzip',
      charset: 'binary',
    });
    expect(mime('regular file, no read permission')).toEqual({ mimetype: 'unknown', charset: 'unknown' });
  });

  it('packs device numbers as Linux does', () => {
    const device = (major: string, minor: string): number =>
      deviceType(
        new Map([
          ['major', major],
          ['minor', minor],
        ]),
      );
    expect(device('1', '3')).toBe(259);
    expect(device('8', '1a2')).toBe(0x1008a2);
  });

  it('does not mix a foreseen file with the one that is there', () => {
    const state = {
      file: {
        kind: 'file',
        mode: '0600',
        owner: 'root',
        group: 'root',
        sizeBytes: 3,
        sha256: null,
        content: 'new',
        realPath: '/it',
      },
      more: new Map([
        ['raw', '41ed'],
        ['mime', 'inode/directory; charset=binary'],
        ['readable', 'False'],
      ]),
    } as const;
    const found = stat.output?.({ path: '/it' }, state, taskContext({ host: 'a' })).stat as ValueMap;
    expect(found).toMatchObject({ isreg: true, isdir: false, mode: '0600', rgrp: false, size: 3 });
    const unknown = ['inode', 'mtime', 'readable', 'checksum', 'mimetype', 'charset', 'attributes'];
    expect(unknown.filter((name) => !(found[name] instanceof Unknown))).toEqual([]);
  });
});
