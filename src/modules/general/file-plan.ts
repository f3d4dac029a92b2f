import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import {
  belowEffect,
  type FileState,
  fileEffect,
  type Permissions,
  regularFile,
} from '../asks/file-state.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { editPermissions, wantedPermissions, withoutUmask } from './file-change.ts';
import { pathOutput } from './file-output.ts';
import { planTree, type TreeEntry } from './file-tree.ts';
import { resolveMode } from './mode.ts';

/** What `file` can make of a path. */
export type PathKind = 'file' | 'directory' | 'absent' | 'link' | 'touch' | 'hard';

/** Arguments of `file`. */
export interface FileArgs extends PermissionArgs {
  readonly path: string;
  readonly state?: PathKind;
  readonly src?: string;
  readonly recurse?: boolean;
  readonly force?: boolean;
  readonly access_time?: 'preserve' | 'now';
  readonly modification_time?: 'preserve' | 'now';
}

/** What `file` asks. */
export interface FileModuleState {
  readonly now: FileState;
  readonly who: Identity;
  readonly below: readonly TreeEntry[];
  /** The folders above a directory, from the top. */
  readonly above: readonly { readonly path: string; readonly state: FileState }[];
  /** What `src` is; `null`: there is no src. */
  readonly source: FileState | null;
  readonly sameInode: boolean;
}

/** What `file` is about to do. */
export interface FileChange extends Change {
  readonly args: FileArgs;
  readonly kind: PathKind;
  /** Set on the path itself; `null`: nothing to set. */
  readonly mode: string | null;
  /** What a link is to lead to. */
  readonly target?: string;
  readonly result: Output;
  /** Folders above a directory that are made with it, from the top. */
  readonly above: readonly { readonly path: string; readonly mode: string }[];
}

/** What the path is to be, when the playbook leaves it open. */
export function wantedState(args: FileArgs, now: FileState): PathKind {
  if (args.state !== undefined) return args.state;
  if (args.recurse === true || now.kind === 'directory') return 'directory';
  return now.kind === 'link' ? 'link' : 'file';
}

/** What has to be done to a path; `null`: nothing. @throws Failure HAPB6020 to HAPB6023 */
export function planPath(args: FileArgs, state: FileModuleState): FileChange | null {
  const kind = wantedState(args, state.now);
  switch (kind) {
    case 'absent':
      return planAbsent(args, state);
    case 'directory':
      return planKind(args, state, 'directory');
    case 'file':
      if (state.now.kind === 'absent') throw missing(args.path);
      return planKind(args, state, 'file');
    case 'touch':
      return planKind(args, state, 'touch');
    case 'link':
      return planLink(args, state);
    case 'hard':
      return planHard(args, state);
  }
}

function planAbsent(args: FileArgs, state: FileModuleState): FileChange | null {
  const { now } = state;
  if (now.kind === 'absent') return null;
  if (args.path === '/') {
    throw new Failure({
      code: 'HAPB6006',
      message: 'state: absent would remove the whole file system',
      hint: 'Correct `path`; perhaps a variable in it is empty.',
      argument: 'path',
    });
  }
  const edit: Edit = { subject: args.path, before: `${now.kind}\n`, after: null };
  return change(args, {
    kind: 'absent',
    summary: `remove ${args.path}`,
    edits: [edit],
    effects: [
      fileEffect(args.path, { kind: 'absent' }),
      ...(now.kind === 'directory' ? [belowEffect(args.path, { kind: 'absent' })] : []),
    ],
    mode: null,
    result: pathOutput(args.path, { kind: 'absent' }, state),
  });
}

function planKind(
  args: FileArgs,
  state: FileModuleState,
  kind: 'file' | 'directory' | 'touch',
): FileChange | null {
  const { now, who } = state;
  if (now.kind === 'link') {
    // Links were followed; this one leads nowhere.
    throw wrongKind(args.path, 'a link that leads nowhere', kind);
  }
  if (kind === 'directory' && now.kind !== 'absent' && now.kind !== 'directory')
    throw wrongKind(args.path, describeKind(now), kind);
  if (kind === 'file' && now.kind === 'directory') throw wrongKind(args.path, 'a directory', kind);
  const before = now.kind === 'absent' ? null : now;
  const after =
    kind === 'directory' || now.kind === 'directory'
      ? directoryPermissions(args, before, who)
      : wantedPermissions(args, before, who);
  const edit = editPermissions(args.path, before, after);
  const tree =
    kind === 'directory' && args.recurse === true ? planTree(state.below, args) : { edits: [], effects: [] };
  const touches =
    kind === 'touch' &&
    (before === null || args.access_time !== 'preserve' || args.modification_time !== 'preserve');
  if (edit === null && tree.edits.length === 0 && !touches) return null;
  const stateAfter: FileState =
    kind === 'directory'
      ? { kind: 'directory', ...after }
      : before === null
        ? regularFile(args.path, '', after)
        : { ...before, ...after };
  const verb =
    before === null
      ? kind === 'directory'
        ? 'make the directory'
        : 'make'
      : edit === null && touches
        ? 'touch'
        : 'set the permissions of';
  return change(args, {
    kind,
    summary: `${verb} ${args.path}${tree.edits.length > 0 ? ` and ${tree.edits.length} below it` : ''}`,
    edits: [...(edit === null ? [] : [edit]), ...tree.edits],
    effects: [
      ...(kind === 'directory' ? parents(args, state).map(({ effect }) => effect) : []),
      fileEffect(args.path, stateAfter),
      ...tree.effects,
    ],
    mode: edit === null ? null : after.mode,
    result: pathOutput(args.path, stateAfter, state),
    above: kind === 'directory' ? parents(args, state).map(({ path, mode }) => ({ path, mode })) : [],
  });
}

/** The folders above that are made, with the same permissions as the one that is asked for. */
function parents(
  args: FileArgs,
  { above, who }: FileModuleState,
): readonly { readonly path: string; readonly mode: string; readonly effect: Effect }[] {
  const permissions = directoryPermissions(args, null, who);
  return above
    .filter((each) => each.state.kind === 'absent')
    .map(({ path }) => ({
      path,
      mode: permissions.mode,
      effect: fileEffect(path, { kind: 'directory', ...permissions }),
    }));
}

function planLink(args: FileArgs, state: FileModuleState): FileChange | null {
  const { now, who } = state;
  const target = args.src ?? (now.kind === 'link' ? now.target : undefined);
  if (target === undefined) throw needsSource(args, 'link');
  if (state.source?.kind === 'absent' && args.force !== true) throw noSource(target, args.path);
  if (now.kind === 'directory') throw wrongKind(args.path, 'a directory', 'link');
  if (now.kind !== 'absent' && now.kind !== 'link' && args.force !== true)
    throw wrongKind(args.path, describeKind(now), 'link');
  const owner = args.owner ?? (now.kind === 'link' ? now.owner : who.user);
  const group = args.group ?? (now.kind === 'link' ? now.group : who.group);
  if (now.kind === 'link' && now.target === target && now.owner === owner && now.group === group) return null;
  const before =
    now.kind === 'link' ? `link to ${now.target}\n` : now.kind === 'absent' ? null : `${now.kind}\n`;
  return change(args, {
    kind: 'link',
    target,
    summary: `link ${args.path} to ${target}`,
    edits: [{ subject: args.path, before, after: `link to ${target}\n` }],
    effects: [fileEffect(args.path, { kind: 'link', target, owner, group })],
    mode: null,
    result: pathOutput(args.path, { kind: 'link', target, owner, group }, state),
  });
}

function planHard(args: FileArgs, state: FileModuleState): FileChange | null {
  if (args.src === undefined) throw needsSource(args, 'hard');
  if (state.source === null || state.source.kind === 'absent') throw noSource(args.src, args.path);
  if (state.sameInode) return null;
  if (state.now.kind === 'directory') throw wrongKind(args.path, 'a directory', 'hard');
  if (state.now.kind !== 'absent' && args.force !== true)
    throw wrongKind(args.path, describeKind(state.now), 'hard');
  const before = state.now.kind === 'absent' ? null : `${state.now.kind}\n`;
  return change(args, {
    kind: 'hard',
    summary: `make ${args.path} a hard link of ${args.src}`,
    edits: [{ subject: args.path, before, after: `hard link of ${args.src}\n` }],
    effects: [
      fileEffect(
        args.path,
        state.source.kind === 'file' ? { ...state.source, realPath: args.path } : state.source,
      ),
    ],
    mode: null,
    result: { ...pathOutput(args.path, state.source, state), state: 'hard', src: args.src },
  });
}

function change(
  args: FileArgs,
  rest: Omit<FileChange, 'args' | 'forecast' | 'above'> & Partial<Pick<FileChange, 'above'>>,
): FileChange {
  return { above: [], ...rest, args, forecast: known };
}

function directoryPermissions(args: FileArgs, before: Permissions | null, who: Identity): Permissions {
  const now = before?.mode ?? withoutUmask(0o777, who);
  const { owner, group } = wantedPermissions({ ...args, mode: '0755' }, before, who);
  return {
    mode: args.mode === undefined ? now : resolveMode(args.mode, { now, kind: 'directory' }),
    owner,
    group,
  };
}

function describeKind(state: FileState): string {
  return state.kind === 'file'
    ? 'a file'
    : state.kind === 'other'
      ? 'a device, pipe or socket'
      : `a ${state.kind}`;
}

function wrongKind(path: string, found: string, wanted: string): Failure {
  return new Failure({
    code: 'HAPB6020',
    message: `${path} is ${found}, so it cannot become ${wanted === 'touch' ? 'file' : wanted}`,
    hint: 'Remove it first with `state: absent`, or give another path.',
    argument: 'path',
  });
}

function missing(path: string): Failure {
  return new Failure({
    code: 'HAPB6021',
    message: `${path} does not exist`,
    hint: 'Make it with `state: directory` or `state: touch`, or with `copy_file`; `state: file` only sets permissions.',
    argument: 'path',
  });
}

function needsSource(args: FileArgs, kind: string): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: `state: ${kind} needs src: what is ${args.path} to lead to?`,
    hint: 'Add `src:`.',
    argument: 'state',
  });
}

function noSource(target: string, path: string): Failure {
  return new Failure({
    code: 'HAPB6022',
    message: `${path} cannot lead to ${target}: there is nothing`,
    hint: 'Correct `src`, make the target first, or add `force: true` for a link that leads nowhere for now.',
    argument: 'src',
  });
}
