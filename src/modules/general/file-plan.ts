import type { Edit, Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { belowEffect, type FileState, fileEffect, permitted, regularFile } from '../asks/file-state.ts';
import { planAttributes } from './file-attributes.ts';
import { editPermissions, wantedPermissions } from './file-change.ts';
import { planHard, planLink } from './file-links.ts';
import { pathOutput } from './file-output.ts';
import { describeKind, missing, wrongKind } from './file-problems.ts';
import { planTimes } from './file-time-plan.ts';
import { planTree } from './file-tree.ts';
import { folderPermissions } from './folder-permissions.ts';
import {
  type FileArgs,
  type FileChange,
  type FileModuleState,
  type PathKind,
  pathChange,
} from './path-change.ts';
import { refused } from './refused.ts';

/** What the path is to be, when the playbook leaves it open. */
export function wantedState(args: FileArgs, now: FileState): PathKind {
  if (args.state !== undefined) return args.state;
  if (args.recurse === true || now.kind === 'directory') return 'directory';
  return now.kind === 'link' ? 'link' : 'file';
}

/** What has to be done to a path; `null`: nothing. @throws Failure HAPB6020 to HAPB6023 */
export function planPath(args: FileArgs, state: FileModuleState): FileChange | null {
  const kind = wantedState(args, state.now);
  if (args.attributes !== undefined && (kind === 'link' || kind === 'hard'))
    throw refused(
      'attributes',
      'links have none of their own',
      'Set those of what it leads to in a task of its own.',
    );
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
  return pathChange(args, {
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
    // Links are followed unless the task says otherwise; one that is still there leads nowhere.
    throw wrongKind(args.path, args.follow === false ? 'a link' : 'a link that leads nowhere', kind);
  }
  if (kind === 'directory' && now.kind !== 'absent' && now.kind !== 'directory')
    throw wrongKind(args.path, describeKind(now), kind);
  if (kind === 'file' && now.kind === 'directory') throw wrongKind(args.path, 'a directory', kind);
  const before = now.kind === 'absent' ? null : now;
  const after =
    kind === 'directory' || now.kind === 'directory'
      ? folderPermissions(args, before, who)
      : wantedPermissions(args, before, who);
  const edit = editPermissions(args.path, before, after);
  const tree =
    kind === 'directory' && args.recurse === true ? planTree(state.below, args) : { edits: [], effects: [] };
  const times = planTimes(args, kind, { times: state.times ?? null, isThere: before !== null });
  const attributes =
    args.attributes === undefined
      ? null
      : planAttributes(args.path, args.attributes, state.attributes ?? 'absent');
  if (edit === null && tree.edits.length === 0 && times.words === null && attributes === null) return null;
  const stateAfter: FileState =
    kind === 'directory'
      ? before?.kind === 'directory'
        ? permitted(before, after)
        : { kind: 'directory', ...after }
      : before === null
        ? regularFile(args.path, '', after)
        : permitted(before, after);
  const verb =
    before === null
      ? kind === 'directory'
        ? 'make the directory'
        : 'make'
      : edit !== null || tree.edits.length > 0
        ? 'set the permissions of'
        : times.words === null
          ? 'set the attributes of'
          : kind === 'touch'
            ? 'touch'
            : 'set the times of';
  return pathChange(args, {
    kind,
    summary: `${verb} ${args.path}${tree.edits.length > 0 ? ` and ${tree.edits.length} below it` : ''}`,
    edits: [edit, times.edit, attributes?.edit ?? null, ...tree.edits].filter((each) => each !== null),
    effects: [
      ...(kind === 'directory' ? parents(args, state).map(({ effect }) => effect) : []),
      // A link that leads to the file stays one.
      fileEffect(now.kind === 'file' ? now.realPath : args.path, stateAfter),
      ...(before === null || (times.words ?? attributes) === null
        ? []
        : [{ key: `times:${args.path}`, state: new Unknown(`the times of ${args.path} would be others`) }]),
      ...tree.effects,
    ],
    mode: edit === null ? null : after.mode,
    times: times.words,
    attributes: attributes?.word ?? null,
    result: pathOutput(args.path, stateAfter, state),
    above: kind === 'directory' ? parents(args, state).map(({ path, mode }) => ({ path, mode })) : [],
  });
}

/** The folders above that are made, with the same permissions as the one that is asked for. */
function parents(
  args: FileArgs,
  { above, who }: FileModuleState,
): readonly { readonly path: string; readonly mode: string; readonly effect: Effect }[] {
  const permissions = folderPermissions(args, null, who);
  return above
    .filter((each) => each.state.kind === 'absent')
    .map(({ path }) => ({
      path,
      mode: permissions.mode,
      effect: fileEffect(path, { kind: 'directory', ...permissions }),
    }));
}
