import { type Change, type Effect, type Forecast, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output, Value } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import { belowEffect, fileEffect } from '../asks/file-state.ts';
import { withoutUmask } from './file-change.ts';
import { type GitArgs, type GitRemote, type GitState, repoOf, shownRepo } from './git-ask.ts';
import { lastLines } from './steps.ts';

/** A clone to make or to bring to another commit. */
export interface GitChange extends Change {
  readonly args: GitArgs;
  readonly dest: string;
  readonly state: GitState;
  /** What is to be checked out. */
  readonly target: GitTarget;
  readonly result: Output;
}

/** Where a version leads. `commit: null`: known only once it is fetched. */
export interface GitTarget {
  readonly kind: 'head' | 'branch' | 'tag' | 'commit';
  readonly commit: string | null;
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6230 to HAPB6233 */
export function planGit(args: GitArgs, state: GitState, host: string): GitChange | null {
  const dest = args.dest ?? '';
  if (dest === '' && args.clone !== false) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'git needs dest, the folder to clone into',
      hint: 'Add `dest:`, or `clone: false` to learn the commit only.',
      argument: 'repo',
    });
  }
  if (state.local === 'missing') {
    throw new Failure({
      code: 'HAPB6230',
      message: `${host} has no git`,
      hint: 'Install it before with `package: {name: git}`.',
    });
  }
  if (state.local === 'other') {
    throw new Failure({
      code: 'HAPB6231',
      message: `${dest} is there and is no clone`,
      hint: 'Remove it first, or give another `dest`.',
      argument: 'dest',
      output: gitSaid({
        cmd: `git clone --origin ${args.remote ?? 'origin'} ${shownRepo(repoOf(args))} ${dest}`,
        rc: 128,
        stderr: `fatal: destination path '${dest}' already exists and is not an empty directory.\n`,
      }),
    });
  }
  if (state.local === 'clone' && args.update === false) return null;
  if (state.changes === 'some' && args.force !== true) {
    throw new Failure({
      code: 'HAPB6231',
      message: `files in ${dest} were changed and not committed`,
      hint: 'Look at them with `git status` there; `force: true` throws the changes away.',
      argument: 'dest',
      output: {
        before: state.before,
        msg: `Local modifications exist in the destination: ${dest} (force=no).`,
      },
    });
  }
  const target = targetOf(args, state, host);
  if (state.local !== 'clone' && args.clone === false) return null;
  const moved = isMoved(args, state);
  const same = state.local === 'clone' && target.commit !== null && target.commit === state.before;
  const tracking = args.track_submodules === true && args.bare !== true;
  const submodules = args.recursive !== false && state.submodules === 'other';
  if (same && !moved && !submodules && !tracking && state.changes === 'none') return null;
  const { commit } = target;
  const from = state.before === '' ? null : `commit ${state.before} of ${state.url}\n`;
  const at = commit ?? args.version ?? 'HEAD';
  return {
    summary:
      state.local === 'clone'
        ? `bring ${dest} to ${short(at)} of ${shownRepo(args.repo)}`
        : `clone ${shownRepo(args.repo)} at ${short(at)} into ${dest}`,
    edits: [{ subject: dest, before: from, after: `commit ${at} of ${shownRepo(repoOf(args))}\n` }],
    effects: [
      ...(state.local === 'absent' ? [newFolder(args, dest, state.who)] : []),
      belowEffect(dest, new Unknown('git puts there what the commit holds')),
    ],
    forecast: forecastOf(target, {
      tracking,
      certain: moved || submodules || state.changes === 'some' || state.local !== 'clone',
    }),
    args,
    dest,
    state,
    target,
    result: {
      before: state.before || null,
      after: commit ?? unseen,
      ...remoteChanged(args, state),
      ...(state.changes === 'some' ? { msg: `Local modifications exist in the destination: ${dest}` } : {}),
    },
  };
}

function newFolder(args: GitArgs, dest: string, who: Identity): Effect {
  const mode = withoutUmask(0o777, { ...who, umask: args.umask ?? who.umask });
  return fileEffect(dest, { kind: 'directory', mode, owner: who.user, group: who.group });
}

const unseen: Value = new Unknown('the commit is known only once it is fetched');

function forecastOf(
  { commit }: GitTarget,
  { tracking, certain }: { readonly tracking: boolean; readonly certain: boolean },
): Forecast {
  if (certain || (commit !== null && !tracking)) return known;
  const reason = tracking
    ? 'only fetching tells whether submodules have moved on'
    : 'only fetching tells which commit it is';
  return { kind: 'unknown', unknown: new Unknown(reason) };
}

function short(commit: string): string {
  return /^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 12) : commit;
}

/** What is registered of a clone that is as asked. */
export function gitOutput(args: GitArgs, state: GitState): Output {
  const before = state.before || null;
  const remote =
    state.local === 'clone'
      ? null
      : (state.remote?.refs.get('HEAD') ?? [...(state.remote?.refs.values() ?? [])][0]);
  return {
    before,
    after: before ?? remote ?? null,
    ...(state.local === 'clone' ? remoteChanged(args, state) : {}),
  };
}

function remoteChanged(args: GitArgs, state: GitState): Output {
  return state.local === 'clone' ? { remote_url_changed: isMoved(args, state) } : {};
}

function isMoved(args: GitArgs, { local, url }: GitState): boolean {
  const plain = (text: string): string => text.replace(/^file:\/\//, '').replace(/\/+$/, '');
  return local === 'clone' && args.update !== false && plain(url) !== plain(repoOf(args));
}

function targetOf(args: GitArgs, state: GitState, host: string): GitTarget {
  const version = args.version ?? 'HEAD';
  const isCommit = /^[0-9a-f]{40}$/.test(version);
  if (state.remote === null) return { kind: isCommit ? 'commit' : 'branch', commit: state.before };
  const { remote } = state;
  if (remote.exitCode !== 0) {
    const asksLater = args.accept_hostkey === true || args.accept_newhostkey === true;
    if (asksLater && /host key|known_hosts/i.test(remote.stderr))
      return { kind: isCommit ? 'commit' : version === 'HEAD' ? 'head' : 'branch', commit: null };
    throw unreachable(args, remote, host);
  }
  const branch = remote.refs.get(`refs/heads/${version}`);
  const tag = remote.refs.get(`refs/tags/${version}`);
  const other = remote.refs.get(version);
  if (version === 'HEAD') return { kind: 'head', commit: other ?? null };
  if (branch !== undefined) return { kind: 'branch', commit: branch };
  if (tag !== undefined) return { kind: 'tag', commit: tag };
  if (isCommit) return { kind: 'commit', commit: version };
  if (other !== undefined) return { kind: 'commit', commit: other };
  if (/^[0-9a-f]{7,39}$/.test(version) || args.refspec !== undefined) {
    const there = state.before.startsWith(version) ? state.before : null;
    return { kind: 'commit', commit: there };
  }
  throw new Failure({
    code: 'HAPB6232',
    message: `${shownRepo(args.repo)} has no branch or tag "${version}"`,
    hint: `\`git ls-remote ${shownRepo(args.repo)}\` lists what it has.`,
    argument: 'version',
    output: {
      ...gitSaid({
        cmd: `git checkout --force ${version}`,
        rc: 1,
        stderr: `error: pathspec '${version}' did not match any file(s) known to git\n`,
      }),
      msg: `Failed to checkout ${version}`,
    },
  });
}

/** What is registered of a git that fails: its words, which are the message too. */
export function gitSaid(end: { readonly cmd: string; readonly rc: number; readonly stderr: string }): Output {
  const { cmd, rc, stderr } = end;
  const stderr_lines = stderr === '' ? [] : stderr.trimEnd().split('\n');
  const msg = stderr.trim() === '' ? {} : { msg: stderr.trim() };
  return { cmd, rc, stdout: '', stdout_lines: [], stderr, stderr_lines, ...msg };
}

type GitEnd = Pick<GitRemote, 'stderr' | 'exitCode'> & { readonly cmd?: string };

/** A repository that does not answer, in words. */
export function unreachable(
  args: GitArgs,
  { stderr, exitCode, cmd = `git ls-remote ${shownRepo(repoOf(args))}` }: GitEnd,
  host: string,
): Failure {
  const hint = /host key verification failed|authenticity of host/i.test(stderr)
    ? 'The server’s host key is not known there: add it to known_hosts, or say `accept_newhostkey: true`.'
    : /permission denied/i.test(stderr)
      ? 'The server knows no key of the user there: name one with `key_file`, and check whose it is.'
      : /terminal prompts disabled|could not read Username|Authentication failed/i.test(stderr)
        ? 'It wants a name and a password: use an SSH address with `key_file`, or a credential helper on the host.'
        : /could not resolve|unable to access|timed out|refused/i.test(stderr)
          ? 'Check the address, and the network and proxies (`environment:`) of the host.'
          : /dubious ownership/.test(stderr)
            ? 'The folder belongs to another user: work as that one with `become_user`.'
            : 'Check the address in `repo`; git’s own words are below.';
  return new Failure({
    code: 'HAPB6233',
    message: `git on ${host} cannot read ${shownRepo(args.repo)}`,
    hint,
    argument: 'repo',
    details: lastLines(stderr, 10),
    output: gitSaid({ cmd, rc: exitCode, stderr }),
  });
}
