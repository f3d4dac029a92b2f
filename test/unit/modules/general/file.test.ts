import { lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file } from '../../../../src/modules/general/file.ts';
import type { FileArgs } from '../../../../src/modules/general/file-plan.ts';
import { resolveMode } from '../../../../src/modules/general/mode.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

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
