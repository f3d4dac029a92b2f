import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive } from '../../../../src/modules/general/archive.ts';
import type { ArchiveArgs } from '../../../../src/modules/general/archive-plan.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe.each(shells)('archive in %s', (name) => {
  let host: LocalHost;
  const at = (path: string): string => join(host.directory, path);
  const run = (args: ArchiveArgs) => expectLawful(archive, args, { host });
  /** Names in an archive; busybox writes them with ./ in front. */
  const held = (path: string): readonly string[] =>
    execFileSync('tar', ['-tf', at(path)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\.\//, ''))
      .sort();
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(at('app/bin'), { recursive: true });
    writeFileSync(at('app/one'), 'one\n');
    writeFileSync(at('app/-b \\n'), 'b\n');
    writeFileSync(at('app/bin/tool.log'), 'log\n');
    symlinkSync('one', at('app/link'));
  });
  afterEach(() => host.dispose());

  it('packs a folder below the folder that it is in, and only when something differs', async () => {
    const args = { path: at('app'), dest: at('app.tgz'), mode: '0600' };
    const first = await run(args);
    expect(held('app.tgz')).toEqual(['app/-b \\\\n', 'app/bin/', 'app/bin/tool.log', 'app/link', 'app/one']);
    expect(first.output).toMatchObject({
      dest: at('app.tgz'),
      dest_state: 'archive',
      arcroot: `${host.directory}/`,
      mode: '0600',
      missing: [],
      expanded_paths: [at('app')],
    });
    expect((await run(args)).change).toBeNull();
    chmodSync(at('app/one'), 0o640);
    expect((await run(args)).change?.summary).toBe(`pack 5 things into ${at('app.tgz')}`);
    expect((await run({ ...args, mode: '0640' })).change?.summary).toBe(
      `set the permissions of ${at('app.tgz')}`,
    );
  });

  it('resolves patterns, leaves out what is excluded, and names what is missing', async () => {
    const path = [at('app/*'), at('none')];
    const args = { path, dest: at('it.tar'), format: 'tar', exclude_path: [at('app/l*')] } as const;
    const { output } = await run({ ...args, exclusion_patterns: ['*.log'] });
    expect(held('it.tar')).toEqual(['app/-b \\\\n', 'app/one']);
    expect(output).toMatchObject({ dest_state: 'incomplete', missing: [at('none')] });
    expect((await run({ ...args, exclusion_patterns: ['*.log'] })).change).toBeNull();
  });

  it('compresses a single file beside it, and removes it when asked', async () => {
    const { output } = await run({ path: at('app/one') });
    expect(output).toMatchObject({
      dest: at('app/one.gz'),
      dest_state: 'compress',
      archived: [at('app/one')],
    });
    expect(execFileSync('gzip', ['-dc', at('app/one.gz')], { encoding: 'utf8' })).toBe('one\n');
    expect((await run({ path: at('app/one') })).change).toBeNull();
    writeFileSync(at('app/one'), 'two\n');
    expect((await run({ path: at('app/one'), remove: true })).change).not.toBeNull();
    expect(existsSync(at('app/one'))).toBe(false);
    expect((await run({ path: at('app/one'), remove: true })).change).toBeNull();
    expect(readFileSync(at('app/one.gz')).subarray(0, 2).toString('hex')).toBe('1f8b');
  });

  it('says what is missing in what it is told', async () => {
    await expect(run({ path: at('no*'), dest: at('x.tgz') })).rejects.toMatchObject({
      problem: { message: 'there is nothing to pack: no path is left after patterns and exclusions' },
    });
    await expect(run({ path: at('app') })).rejects.toMatchObject({
      problem: { message: 'several files or a folder are packed, and nothing says where' },
    });
    await expect(run({ path: at('app'), dest: at('app/x.tgz'), remove: true })).rejects.toMatchObject({
      problem: { message: 'the archive would lie in a folder that is removed afterwards' },
    });
    await expect(run({ path: at('app/one'), dest: at('app/bin') })).rejects.toMatchObject({
      problem: { code: 'HAPB6032', message: `${at('app/bin')} is a directory, so no file can be put there` },
    });
  });
});
