import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { unarchive } from '../../../../src/modules/general/unarchive.ts';
import type { UnarchiveArgs } from '../../../../src/modules/general/unarchive-plan.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';
import { type WebServer, webServer } from './web-server.ts';

/** Which archives the programs of a shell can handle. */
const formats = {
  dash: ['tar', 'tar.gz', 'tar.bz2', 'tar.xz', 'tar.zst', 'zip'],
  bash: ['tar.gz'],
  busybox: ['tar.gz'],
} as const;

describe.each(shells)('unarchive in %s', (name) => {
  let host: LocalHost;
  let server: WebServer;
  beforeEach(async () => {
    host = localHost(name);
    server = await webServer();
    for (const folder of ['src/app/bin', 'src/app/empty', 'files', 'to'])
      mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('src/app/bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(at('src/app/a file.txt'), 'text\n', { mode: 0o640 });
    symlinkSync('bin/tool', at('src/app/link'));
    for (const path of ['src/app/bin/tool', 'src/app/a file.txt'])
      utimesSync(at(path), 1_600_000_000, 1_600_000_000);
    for (const end of formats[name]) pack(end, at(`files/app.${end}`));
  });
  afterEach(() => {
    host.dispose();
    server.close();
  });
  const at = (path: string): string => join(host.directory, path);
  const pack = (end: string, to: string): void => {
    const words = end === 'zip' ? ['zip', '-qry', to, 'app'] : ['tar', '-caf', to, 'app'];
    execFileSync(words[0] ?? '', words.slice(1), { cwd: at('src') });
  };
  const run = (args: Partial<UnarchiveArgs>) =>
    expectLawful(
      unarchive,
      { src: 'app.tar.gz', dest: at('to'), ...args },
      { host, task: taskContext({ host: 'here', searchPath: [host.directory] }) },
    );

  it.each(formats[name])('unpacks app.%s, and the next time knows that all is there', async (end) => {
    const first = await run({ src: `app.${end}`, list_files: true });
    expect(first.change?.forecast.kind).toBe('known');
    expect(readFileSync(at('to/app/a file.txt'), 'utf8')).toBe('text\n');
    expect(statSync(at('to/app/bin/tool')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(at('to/app/link'))).toBe('bin/tool');
    expect(existsSync(at('to/app/empty'))).toBe(true);
    const files = ['app/', 'app/a file.txt', 'app/bin/', 'app/bin/tool', 'app/empty/', 'app/link'];
    expect([...(first.output.files as readonly string[])].sort()).toEqual(files);
    const again = await run({ src: `app.${end}` });
    expect(again.change).toBeNull();
    expect(again.output.handler).toMatch(/^(Tar|Tgz|TarBzip|TarXz|TarZstd|Zip)Archive$/);
    writeFileSync(at('to/app/bin/tool'), 'changed\n');
    const { change } = await run({ src: `app.${end}` });
    expect(change?.edits.map(({ subject }) => subject)).toEqual([at('to/app/bin/tool')]);
    expect(readFileSync(at('to/app/bin/tool'), 'utf8')).toBe('#!/bin/sh\n');
  });

  it('takes an archive of the host, and sets permissions of all that is in it', async () => {
    const args = { src: at('files/app.tar.gz'), remote_src: true, mode: 'u=rwX,go=', owner: 'nobody' };
    await run(args);
    expect(statSync(at('to/app/a file.txt'))).toMatchObject({ uid: 65534, mode: 0o100600 });
    expect(statSync(at('to/app')).mode & 0o777).toBe(0o700);
    writeFileSync(at('to/app/a file.txt'), 'text\n', { mode: 0o600 });
    utimesSync(at('to/app/a file.txt'), 1_600_000_000, 1_600_000_000);
    execFileSync('chmod', ['0666', at('to/app/a file.txt')]);
    const { change } = await run(args);
    expect(change?.summary).toContain('set the permissions of what');
    expect(statSync(at('to/app/a file.txt')).mode & 0o777).toBe(0o600);
  });

  it.skipIf(name === 'busybox')('takes some members only, with names changed', async () => {
    await run({ include: ['app/bin/tool'], extra_opts: ['--strip-components=2'] });
    expect(readdirSync(at('to'))).toEqual(['tool']);
    mkdirSync(at('other'));
    await run({ dest: at('other'), exclude: 'app/bin' });
    expect(readdirSync(at('other/app')).sort()).toEqual(['a file.txt', 'empty', 'link']);
  });

  it.skipIf(name === 'busybox')('fetches from an address, which check mode cannot look into', async () => {
    server.files.set('/app.tgz', { content: readFileSync(at('files/app.tar.gz')), changedAt: new Date() });
    const args = { src: `${server.url}/app.tgz`, remote_src: true };
    const first = await run(args);
    expect(first.change?.forecast.kind).toBe('unknown');
    expect(existsSync(at('to/app/link'))).toBe(true);
    expect((await run(args)).output.changed).toBe(false);
    expect((await run({ ...args, creates: at('to/app') })).change).toBeNull();
    const left = await host.run({ sh: 'ls -a "${TMPDIR:-/tmp}" | grep -c hapb-archive' });
    expect(left.stdout.trim()).toBe('0');
  });

  it('writes nothing outside of its folder, whatever the names in an archive are', async () => {
    const ends: string[] = [];
    for (const [archive, member] of [
      ['up.tar', '../up'],
      ['absolute.tar', at('absolute')],
      ['deep.tar', 'app/../../deep'],
    ] as const) {
      writeFileSync(at('src/plain'), 'evil\n');
      const rename = `s,^plain$,${member},`;
      execFileSync('tar', ['-cPf', at(`files/${archive}`), `--transform=${rename}`, 'plain'], {
        cwd: at('src'),
      });
      const end = await run({ src: at(`files/${archive}`), remote_src: true }).then(
        () => 'unpacked',
        (thrown: unknown) => (thrown instanceof Failure ? thrown.problem.code : String(thrown)),
      );
      ends.push(end);
      expect(['up', 'absolute', 'deep'].filter((path) => existsSync(at(path)))).toEqual([]);
    }
    // GNU tar refuses what goes up, busybox's takes it off; both take off the root.
    if (name !== 'busybox') expect(ends).toEqual(['HAPB6221', 'unpacked', 'HAPB6221']);
    // A link that leads out, and then a file behind it.
    mkdirSync(at('twice/link'), { recursive: true });
    mkdirSync(at('outside'));
    symlinkSync(at('outside'), at('src/link'));
    execFileSync('tar', ['-cPf', at('files/link.tar'), 'link'], { cwd: at('src') });
    writeFileSync(at('twice/link/behind'), 'evil\n');
    execFileSync('tar', ['-rPf', at('files/link.tar'), 'link/behind'], { cwd: at('twice') });
    await run({ src: at('files/link.tar'), remote_src: true }).catch(() => undefined);
    expect(readdirSync(at('outside'))).toEqual([]);
  });

  it('says what is wrong', async () => {
    const told = async (args: Partial<UnarchiveArgs>) =>
      run(args).then(
        () => 'nothing',
        (thrown: unknown) =>
          thrown instanceof Failure ? `${thrown.problem.code} ${thrown.message}` : String(thrown),
      );
    writeFileSync(at('files/none.tar.gz'), 'no archive at all\n');
    expect(await told({ src: 'nothing.zip' })).toBe(
      'HAPB6030 src nothing.zip was not found on the controller',
    );
    expect(await told({ dest: at('no') })).toBe(`HAPB6023 the folder ${at('no')} does not exist`);
    expect(await told({ src: at('files/none.tar.gz'), remote_src: true })).toBe(
      `HAPB6221 ${at('files/none.tar.gz')} is no archive that can be unpacked`,
    );
    expect(await told({ src: 'none.tar.gz' })).toBe(
      'HAPB6221 none.tar.gz is no archive that can be unpacked',
    );
    mkdirSync(at('to/app/a file.txt/mine'), { recursive: true });
    expect(await told({})).toBe(
      `HAPB6032 ${at('to/app/a file.txt')} is a directory with something in it, so no file can be put there`,
    );
  });
});
