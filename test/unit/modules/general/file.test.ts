import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file } from '../../../../src/modules/general/file.ts';
import { planAttributes } from '../../../../src/modules/general/file-attributes.ts';
import { readTime } from '../../../../src/modules/general/file-time.ts';
import { resolveMode } from '../../../../src/modules/general/mode.ts';
import type { FileArgs } from '../../../../src/modules/general/path-change.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

/** Whether the folder of temporary files is on a file system with attributes, and this user may set them. */
const keepsAttributes = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-attributes-'));
  const { status } = spawnSync('sh', ['-c', 'chattr +d "$0"', folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
})();

describe.each(shells)('file in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const run = (args: FileArgs) => expectLawful(file, args, { host });
  const mode = (path: string): string => (lstatSync(at(path)).mode & 0o7777).toString(8);

  it('makes a directory with its parents and foresees each of them', async () => {
    const { change, output } = await run({ path: at('a/b/c/'), state: 'directory', mode: '0700' });
    expect(change?.effects.map((effect) => effect.key.replace(host.directory, ''))).toEqual([
      'file:/a',
      'file:/a/b',
      'file:/a/b/c',
    ]);
    expect([mode('a'), mode('a/b'), mode('a/b/c')]).toEqual(['700', '700', '700']);
    expect(output).toMatchObject({ state: 'directory', mode: '0700' });
  });

  it('sets symbolic permissions, of all below too when asked', async () => {
    mkdirSync(at('d/e'), { recursive: true });
    writeFileSync(at('d/e/plain'), '', { mode: 0o644 });
    writeFileSync(at('d/e/tool with blank'), '', { mode: 0o755 });
    const { change } = await run({ path: at('d'), state: 'directory', mode: 'u=rwX,go=', recurse: true });
    expect([mode('d'), mode('d/e'), mode('d/e/plain'), mode('d/e/tool with blank')]).toEqual([
      '700',
      '700',
      '600',
      '700',
    ]);
    expect(change?.effects).toHaveLength(4);
  });

  it('makes and changes links without being led into what they point to', async () => {
    mkdirSync(at('one'));
    mkdirSync(at('two'));
    await run({ path: at('link'), state: 'link', src: 'one' });
    const { change } = await run({ path: at('link'), state: 'link', src: at('two') });
    expect(readlinkSync(at('link'))).toBe(at('two'));
    expect(change?.edits).toMatchObject([{ before: 'link to one\n', after: `link to ${at('two')}\n` }]);
  });

  it('links to nothing only by force, and makes hard links', async () => {
    const dangling: FileArgs = { path: at('link'), state: 'link', src: '/no/such' };
    await expect(run(dangling)).rejects.toThrow(`${at('link')} cannot lead to /no/such: there is nothing`);
    await run({ ...dangling, force: true });
    writeFileSync(at('plain'), 'x');
    await run({ path: at('hard'), state: 'hard', src: at('plain') });
    expect(lstatSync(at('hard')).nlink).toBe(2);
  });

  it('removes files, links and whole directories, but nothing twice', async () => {
    mkdirSync(at('d/e'), { recursive: true });
    symlinkSync(at('d'), at('link'));
    await run({ path: at('link'), state: 'absent' });
    expect(lstatSync(at('d')).isDirectory()).toBe(true);
    await run({ path: at('d'), state: 'absent' });
    expect((await run({ path: at('d'), state: 'absent' })).change).toBeNull();
  });

  it('touches: makes an empty file, and keeps its times when told so', async () => {
    const keep = { access_time: 'preserve', modification_time: 'preserve' } as const;
    await run({ path: at('new'), state: 'touch', mode: '0600', ...keep });
    expect(mode('new')).toBe('600');
    expect((await run({ path: at('new'), state: 'touch', ...keep })).change).toBeNull();
  });

  it('sets times where they differ, in the time zone of the host', async () => {
    writeFileSync(at('plain'), '');
    const args: FileArgs = { path: at('plain'), modification_time: '202401312359.58' };
    const { change } = await run(args);
    const wanted = new Date(2024, 0, 31, 23, 59, 58);
    expect(lstatSync(at('plain')).mtime).toEqual(wanted);
    expect(change?.summary).toBe(`set the times of ${at('plain')}`);
    expect(change?.edits[0]?.after).toBe(`modification time: ${wanted.toISOString()}\n`);
    expect((await run(args)).change).toBeNull();
    // In the future, as reading moves the access time where it is older than the other or than a day.
    const other: FileArgs = { path: at('plain'), access_time: '2 Feb 2040', access_time_format: '%d %b %Y' };
    await run({ ...other, state: 'touch', modification_time: 'preserve' });
    expect(lstatSync(at('plain'))).toMatchObject({ atime: new Date(2040, 1, 2), mtime: wanted });
    await run({ ...args, path: at('folder'), state: 'directory' });
    expect(lstatSync(at('folder')).mtime).toEqual(wanted);
  });

  it('takes only times that are some', async () => {
    const args: FileArgs = { path: at('plain'), state: 'touch', modification_time: '2024-01-31' };
    await expect(run(args)).rejects.toThrow(
      "modification_time '2024-01-31' is no time of the form %Y%m%d%H%M.%S",
    );
    const below: FileArgs = { path: at('d'), state: 'directory', recurse: true, access_time: 'now' };
    await expect(run(below)).rejects.toThrow('it is not set below a folder');
    const link: FileArgs = { path: at('link'), state: 'link', src: '/etc', access_time: 'now' };
    await expect(run(link)).rejects.toThrow('links get no times of their own');
  });

  it('sets the permissions of what a link leads to, and leaves a link alone where told so', async () => {
    writeFileSync(at('plain'), '', { mode: 0o644 });
    const link: FileArgs = { path: at('link'), state: 'link', src: 'plain', mode: '0600' };
    const { change } = await run(link);
    expect(change?.effects.map(({ key }) => key)).toEqual([`file:${at('link')}`, `file:${at('plain')}`]);
    expect(mode('plain')).toBe('600');
    expect((await run(link)).change).toBeNull();
    expect((await run({ path: at('link'), state: 'link', mode: '0640' })).change?.target).toBeUndefined();
    expect(mode('plain')).toBe('640');
    expect((await run({ ...link, follow: false })).change).toBeNull();
    await run({ path: at('link'), mode: '0644' });
    expect(mode('plain')).toBe('644');
    const kept: FileArgs = { path: at('link'), state: 'file', mode: '0600', follow: false };
    await expect(run(kept)).rejects.toThrow(`${at('link')} is a link, so it cannot become file`);
    await run({ path: at('hard'), state: 'hard', src: at('plain'), mode: '0600' });
    expect([
      mode('plain'),
      (await run({ path: at('hard'), state: 'hard', src: at('plain') })).change,
    ]).toEqual(['600', null]);
  });

  it('says where there can be no attributes', async () => {
    const args: FileArgs = { path: '/proc/version', state: 'file', attributes: '+i' };
    await expect(run(args)).rejects.toThrow('/proc/version cannot have attributes');
    const link: FileArgs = { path: at('link'), state: 'link', src: '/etc', attributes: '+i' };
    await expect(run(link)).rejects.toThrow('links have none of their own');
  });

  it('sets attributes, once', async () => {
    writeFileSync(at('plain'), '', { mode: 0o644 });
    if (name === 'busybox' || !keepsAttributes) {
      await expect(run({ path: at('plain'), attributes: '+d' })).rejects.toThrow('cannot have attributes');
      return;
    }
    const { change } = await run({ path: at('plain'), attributes: '+d' });
    expect(change?.edits).toEqual([
      { subject: at('plain'), before: 'attributes: \n', after: 'attributes: d\n' },
    ]);
    expect((await run({ path: at('plain'), attributes: '=d' })).change).toBeNull();
    await run({ path: at('plain'), attributes: '-d', mode: '0600' });
    expect((await run({ path: at('plain'), attributes: '-d' })).change).toBeNull();
    await run({ path: at('new'), state: 'directory', attributes: '+d' });
  });

  it('says what stands in the way', async () => {
    writeFileSync(at('plain'), '');
    await expect(run({ path: at('plain'), state: 'directory' })).rejects.toThrow(
      'is a file, so it cannot become directory',
    );
    await expect(run({ path: at('none'), mode: '0600' })).rejects.toThrow(`${at('none')} does not exist`);
    await expect(run({ path: '/', state: 'absent' })).rejects.toThrow('would remove the whole file system');
  });

  it('takes the number of the present owner for its name', async () => {
    writeFileSync(at('plain'), '');
    const owner = String(process.getuid?.() ?? 0);
    expect((await run({ path: at('plain'), owner })).change).toBeNull();
  });
});

describe('attributes', () => {
  const planned = (wish: string, letters: string) => planAttributes('/it', wish, { letters });

  it.each([
    ['+i', 'e', '+i', 'i'],
    ['-i', 'ie', '-i', ''],
    ['i', 'ae', '=i', 'i'],
    ['=Ad', 'e', '=Ad', 'Ad'],
    ['+ai', 'ie', '+ai', 'ai'],
  ])('%s on %s is chattr %s', (wish, letters, word, after) => {
    const plan = planned(wish, letters);
    expect([plan?.word, plan?.edit?.after]).toEqual([word, `attributes: ${after}\n`]);
  });

  it.each([
    ['+i', 'ie'],
    ['-i', 'e'],
    ['=i', 'ie'],
    ['dA', 'Ade'],
  ])('%s on %s is nothing to do', (wish, letters) => {
    expect(planned(wish, letters)).toBeNull();
  });
});

describe('times', () => {
  it.each([
    ['202402291201.02', '%Y%m%d%H%M.%S', '2024-02-29 12:01:02'],
    ['1/2/99', '%d/%m/%y', '1999-02-01 00:00:00'],
    ['Mar  3 2024', '%b %d %Y', '2024-03-03 00:00:00'],
    ['100% 2024', '100%% %Y', '2024-01-01 00:00:00'],
  ])('%s written as %s is %s', (text, format, at) => {
    expect(readTime(text, format)).toEqual({ at });
  });

  it.each([
    ['202402301201.02', '%Y%m%d%H%M.%S'],
    ['2024', '%Q'],
    ['2024x', '%Y'],
    ['xyz 1 2024', '%b %d %Y'],
  ])('%s written as %s is none', (text, format) => {
    expect(readTime(text, format)).toBeNull();
  });
});

describe('modes', () => {
  it.each([
    ['0644', '0600', '0644'],
    ['755', '0600', '0755'],
    ['u=rw,go=r', '0777', '0644'],
    ['a+X', '0644', '0644'],
    ['a+X', '0744', '0755'],
    ['g=u', '0640', '0660'],
    ['u+s,o-r', '0755', '4751'],
    ['+t', '0755', '1755'],
    ['go-rwx', '0755', '0700'],
  ])('%s on %s is %s', (wanted, now, result) => {
    expect(resolveMode(wanted, { now, kind: 'file' })).toBe(result);
  });

  it('that are none say how one is written', () => {
    expect(() => resolveMode('rw-r--r--', { now: '0644', kind: 'file' })).toThrow(
      "'rw-r--r--' is not a file mode",
    );
  });
});
