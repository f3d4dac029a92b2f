import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CopyArgs } from '../../../../src/modules/general/copy-apply.ts';
import { copyFile } from '../../../../src/modules/general/copy-file.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost } from './local-host.ts';

describe.each(['dash', 'busybox'] as const)('copying folders in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(at('files/site/sub/empty'), { recursive: true });
    writeFileSync(at('files/site/index.html'), 'hello\n');
    writeFileSync(at('files/site/sub/a b'), 'deep\n');
    chmodSync(at('files/site/sub/a b'), 0o751);
    symlinkSync('index.html', at('files/site/link'));
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const run = (args: Partial<CopyArgs>) =>
    expectLawful(
      copyFile,
      { dest: at('to'), ...args },
      { host, task: taskContext({ host: 'here', searchPath: [host.directory] }) },
    );

  it('copies the folder itself, or with a slash what is in it, and finds nothing to do afterwards', async () => {
    const first = await run({ src: 'site', mode: '0640', directory_mode: '0750' });
    expect(readdirSync(at('to/site')).sort()).toEqual(['index.html', 'link', 'sub']);
    expect(lstatSync(at('to/site/link')).isFile()).toBe(true);
    expect(statSync(at('to/site/sub/a b')).mode & 0o777).toBe(0o640);
    expect(statSync(at('to/site/sub/empty')).mode & 0o777).toBe(0o750);
    expect(first.output).toMatchObject({
      dest: at('to/'),
      path: at('to/site'),
      src: 'site',
      state: 'directory',
    });
    expect(first.change?.edits).toContainEqual({
      subject: at('to/site/sub/a b'),
      before: null,
      after: 'deep\n',
    });
    expect((await run({ src: 'site' })).change).toBeNull();

    writeFileSync(at('to/site/sub/a b'), 'other\n');
    const mended = await run({
      src: 'site/',
      dest: `${at('to/site')}/`,
      local_follow: false,
      mode: 'preserve',
    });
    expect(mended.change?.edits).toContainEqual({
      subject: at('to/site/sub/a b'),
      before: 'other\n',
      after: 'deep\n',
    });
    expect(readlinkSync(at('to/site/link'))).toBe('index.html');
    expect(statSync(at('to/site/sub/a b')).mode & 0o777).toBe(0o751);
  });

  it('copies on the host itself, folders and files', async () => {
    await run({ src: at('files/site'), remote_src: true, dest: at('there') });
    expect(readFileSync(at('there/site/sub/a b'), 'utf8')).toBe('deep\n');
    expect(statSync(at('there/site/sub/a b')).mode & 0o777).toBe(0o644);
    const args = {
      src: at('files/site/index.html'),
      remote_src: true,
      dest: at('it'),
      validate: 'grep hello %s',
    };
    await run({ ...args, mode: '0600' });
    expect(statSync(at('it')).mode & 0o777).toBe(0o600);
    await expect(run({ ...args, dest: at('other'), validate: 'grep nothing %s' })).rejects.toThrow(
      `${at('other')} was left as it is on here: "grep nothing %s" rejected the new content`,
    );
    expect(readdirSync(host.directory).sort()).toEqual(['files', 'it', 'there']);
  });

  it('makes a missing folder that a slash names, and follows links only when told so', async () => {
    await run({ src: 'site/index.html', dest: `${at('new/folder')}/` });
    expect(readFileSync(at('new/folder/index.html'), 'utf8')).toBe('hello\n');
    writeFileSync(at('real'), 'old\n');
    symlinkSync('real', at('alias'));
    await run({ content: 'new\n', dest: at('alias'), follow: true });
    expect(readFileSync(at('real'), 'utf8')).toBe('new\n');
    await run({ content: 'newer\n', dest: at('alias') });
    expect(lstatSync(at('alias')).isFile()).toBe(true);
    expect(readFileSync(at('real'), 'utf8')).toBe('new\n');
  });

  it('writes short files without waiting for each other, and says which could not be', async () => {
    mkdirSync(at('files/many'));
    for (let index = 0; index < 20; index += 1) writeFileSync(at(`files/many/${index}`), `${index}\n`);
    const counts = { now: 0, most: 0 };
    const write: LocalHost['write'] = async (file) => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      await sleep(5);
      if (file.path.endsWith('/17')) throw new Error('17 is not to be written');
      await host.write(file);
      counts.now -= 1;
    };
    const task = taskContext({ host: 'here', searchPath: [host.directory] });
    const copied = expectLawful(
      copyFile,
      { src: 'many/', dest: at('to') },
      { host: { ...host, write }, task },
    );
    await expect(copied).rejects.toThrow('17 is not to be written');
    expect(counts.most).toBe(16);
    // What was under way with it is there; nothing more was begun.
    expect(readdirSync(at('to')).length).toBe(15);
  });

  it('takes only the file that was meant', async () => {
    const checksum = 'f572d396fae9206628714fb2ce00f72e94f2258f';
    await run({ src: 'site/index.html', dest: at('it'), checksum });
    await expect(run({ src: 'site/sub/a b', dest: at('it'), checksum })).rejects.toThrow(
      'has the sha1 digest',
    );
  });
});
