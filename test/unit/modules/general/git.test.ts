import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { git } from '../../../../src/modules/general/git.ts';
import { type GitArgs, shownRepo } from '../../../../src/modules/general/git-ask.ts';
import { unreachable } from '../../../../src/modules/general/git-plan.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost } from './local-host.ts';

describe.each(['dash', 'bash'] as const)('git in %s', (name) => {
  let host: LocalHost;
  let first: string;
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(at('repo'));
    at_('init', '-q', '-b', 'main');
    at_('config', 'uploadpack.allowAnySHA1InWant', 'true');
    first = commit('one\n');
    at_('tag', '-am', 'the first', 'v1');
    commit('two\n');
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const at_ = (...words: readonly string[]): string =>
    execFileSync('git', ['-C', at('repo'), '-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const commit = (text: string): string => {
    writeFileSync(at('repo/it'), text);
    at_('add', 'it');
    at_('commit', '-qm', text.trim());
    return at_('rev-parse', 'HEAD');
  };
  const run = (args: Partial<GitArgs> = {}) =>
    expectLawful(
      git,
      { repo: at('repo'), dest: at('to/clone'), ...args },
      { host, task: taskContext({ host: 'here' }) },
    );
  const it_ = (): string => readFileSync(at('to/clone/it'), 'utf8');
  const told = (args: Partial<GitArgs>): Promise<string> =>
    run(args).then(
      () => 'nothing',
      (thrown: unknown) =>
        thrown instanceof Failure ? `${thrown.problem.code} ${thrown.message}` : String(thrown),
    );

  it('clones, follows the main branch, and does nothing when there is nothing new', async () => {
    const { change, output } = await run();
    expect(change?.forecast.kind).toBe('known');
    expect(output).toEqual({ before: null, after: at_('rev-parse', 'HEAD') });
    expect((await run()).change).toBeNull();
    const before = output.after;
    const third = commit('three\n');
    const next = await run();
    expect(next.change?.edits[0]?.after).toBe(`commit ${third} of file://${at('repo')}\n`);
    expect(next.output).toEqual({ before: before ?? null, after: third, remote_url_changed: false });
    expect(it_()).toBe('three\n');
  });

  it('goes to tags, branches and commits, and back', async () => {
    await run({ version: 'v1' });
    expect(it_()).toBe('one\n');
    await run({ version: 'main' });
    expect(it_()).toBe('two\n');
    await run({ version: first });
    expect(it_()).toBe('one\n');
    const { change } = await run({ version: first.slice(0, 10) });
    expect(change).toBeNull();
    expect(await told({ version: 'none' })).toBe(`HAPB6232 ${at('repo')} has no branch or tag "none"`);
  });

  it('does not ask the repository for a commit that is checked out, nor with update: false', async () => {
    await run({ version: first });
    expect((await run({ version: first, repo: at('repo') })).change).toBeNull();
    execFileSync('mv', [at('repo'), at('gone')]);
    expect((await run({ version: first })).change).toBeNull();
    expect((await run({ update: false })).output).toMatchObject({ before: first, after: first });
    expect(await told({})).toBe(`HAPB6233 git on here cannot read ${at('repo')}`);
  });

  it('keeps to a short history when asked', async () => {
    await run({ depth: 1, version: 'main', single_branch: true });
    const count = execFileSync('git', ['-C', at('to/clone'), 'rev-list', '--count', 'HEAD'], {
      encoding: 'utf8',
    });
    expect(count.trim()).toBe('1');
    await run({ depth: 1, version: first });
    expect(it_()).toBe('one\n');
  });

  it('leaves changes alone unless forced, and follows a new address', async () => {
    await run();
    writeFileSync(at('to/clone/it'), 'mine\n');
    writeFileSync(at('to/clone/unknown'), 'mine too\n');
    expect(await told({})).toBe(`HAPB6231 files in ${at('to/clone')} were changed and not committed`);
    await run({ force: true });
    expect(it_()).toBe('two\n');
    expect(existsSync(at('to/clone/unknown'))).toBe(true);
    execFileSync('cp', ['-r', at('repo'), at('other')]);
    const { output } = await run({ repo: at('other') });
    expect(output.remote_url_changed).toBe(true);
  });

  it('makes bare clones, and none at all when told so', async () => {
    await run({ bare: true });
    expect(existsSync(at('to/clone/HEAD'))).toBe(true);
    const third = commit('three\n');
    expect((await run({ bare: true })).output.after).toBe(third);
    const none = await run({ dest: at('none'), clone: false });
    expect(none.change).toBeNull();
    expect(none.output).toEqual({ before: null, after: third });
    mkdirSync(at('full/of'), { recursive: true });
    expect(await told({ dest: at('full') })).toBe(`HAPB6231 ${at('full')} is there and is no clone`);
  });
});

describe('a repository that is shown', () => {
  it.each([
    ['https://anna:secret@example.org/x.git', 'https://example.org/x.git'],
    ['https://token@example.org/x.git', 'https://example.org/x.git'],
    ['ssh://git:secret@example.org/x', 'ssh://git@example.org/x'],
    ['ssh://git@example.org/x', 'ssh://git@example.org/x'],
    ['git@example.org:x', 'git@example.org:x'],
  ])('%s has no password', (repo, shown) => {
    expect(shownRepo(repo)).toBe(shown);
    const args = { repo, dest: '/srv/x' };
    const told = unreachable(args, { stderr: '', exitCode: 128 }, 'a');
    expect(JSON.stringify([told.problem, told.message])).not.toMatch(/secret|token/);
  });
});
