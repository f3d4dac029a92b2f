import type { Edit, Effect } from '../../core/change.ts';
import { type FileState, fileEffect, twinEffect } from '../asks/file-state.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { editPermissions, wantedPermissions } from './file-change.ts';
import { pathOutput } from './file-output.ts';
import { describeKind, needsSource, noSource, wrongKind } from './file-problems.ts';
import { planTimes } from './file-time-plan.ts';
import { folderPermissions } from './folder-permissions.ts';
import { type FileArgs, type FileChange, type FileModuleState, pathChange } from './path-change.ts';

/** Whether a task sets permissions. */
export function setsPermissions({ mode, owner, group }: PermissionArgs): boolean {
  return mode !== undefined || owner !== undefined || group !== undefined;
}

/** Where `src` is: a link's may be relative to its folder. Without one, the path itself. */
export function sourcePath({ path, src }: FileArgs): string {
  if (src === undefined || src.startsWith('/')) return src ?? path;
  return `${path.replace(/\/[^/]*$/, '')}/${src}`;
}

/** What has to be done so that a path is a symbolic link. Permissions are those of what it leads to, unless it is not followed. */
export function planLink(args: FileArgs, state: FileModuleState): FileChange | null {
  const { now, who } = state;
  const target = args.src ?? (now.kind === 'link' ? now.target : undefined);
  if (target === undefined) throw needsSource(args, 'link');
  if (args.src !== undefined && state.source?.kind === 'absent' && args.force !== true)
    throw noSource(target, args.path);
  if (now.kind === 'directory') throw wrongKind(args.path, 'a directory', 'link');
  if (now.kind !== 'absent' && now.kind !== 'link' && args.force !== true)
    throw wrongKind(args.path, describeKind(now), 'link');
  planTimes(args, 'link', { times: null, isThere: true });
  const same = now.kind === 'link' && now.target === target ? now : null;
  const own: PermissionArgs = args.follow === false ? args : {};
  const owner = own.owner ?? same?.owner ?? who.user;
  const group = own.group ?? same?.group ?? who.group;
  const led = { ...args, src: target };
  const beyond = args.follow === false ? null : planBeyond(led, state);
  const stays = same !== null && same.owner === owner && same.group === group;
  if (stays && beyond === null) return null;
  const before =
    now.kind === 'link' ? `link to ${now.target}\n` : now.kind === 'absent' ? null : `${now.kind}\n`;
  const after: FileState = { kind: 'link', target, owner, group };
  return pathChange(args, {
    kind: 'link',
    ...(same === null ? { target } : {}),
    summary: stays ? `set the permissions of ${sourcePath(led)}` : `link ${args.path} to ${target}`,
    edits: [
      ...(stays ? [] : [{ subject: args.path, before, after: `link to ${target}\n` }]),
      ...(beyond === null ? [] : [beyond.edit]),
    ],
    effects: [fileEffect(args.path, after), ...(beyond === null ? [] : [beyond.effect])],
    mode: null,
    beyond: beyond?.permissions ?? null,
    result: pathOutput(args.path, after, state),
  });
}

/** What has to be done so that a path is another name of a file. */
export function planHard(args: FileArgs, state: FileModuleState): FileChange | null {
  if (args.src === undefined) throw needsSource(args, 'hard');
  if (state.source === null || state.source.kind === 'absent') throw noSource(args.src, args.path);
  planTimes(args, 'hard', { times: null, isThere: true });
  const beyond = planBeyond(args, state);
  if (state.sameInode && beyond === null) return null;
  if (state.now.kind === 'directory') throw wrongKind(args.path, 'a directory', 'hard');
  if (!state.sameInode && state.now.kind !== 'absent' && args.force !== true)
    throw wrongKind(args.path, describeKind(state.now), 'hard');
  const before = state.now.kind === 'absent' ? null : `${state.now.kind}\n`;
  const after = beyond?.after ?? state.source;
  return pathChange(args, {
    kind: 'hard',
    ...(state.sameInode ? {} : { target: args.src }),
    summary: state.sameInode
      ? `set the permissions of ${args.path}`
      : `make ${args.path} a hard link of ${args.src}`,
    edits: [
      ...(state.sameInode ? [] : [{ subject: args.path, before, after: `hard link of ${args.src}\n` }]),
      ...(beyond === null ? [] : [beyond.edit]),
    ],
    effects: [
      fileEffect(args.path, after.kind === 'file' ? { ...after, realPath: args.path } : after),
      ...(beyond === null ? [] : [beyond.effect]),
      twinEffect(args.path, sourcePath(args)),
    ],
    mode: null,
    beyond: beyond?.permissions ?? null,
    result: { ...pathOutput(args.path, after, state), state: 'hard', src: args.src },
  });
}

interface Beyond {
  readonly edit: Edit;
  readonly effect: Effect;
  readonly permissions: PermissionArgs;
  readonly after: FileState;
}

/** What has to be done to the permissions of what a link leads to; what leads nowhere has none. */
function planBeyond(args: FileArgs, { source, who }: FileModuleState): Beyond | null {
  if (!setsPermissions(args) || source === null || source.kind === 'absent' || source.kind === 'link')
    return null;
  const wanted = (source.kind === 'directory' ? folderPermissions : wantedPermissions)(args, source, who);
  const path = sourcePath(args);
  const edit = editPermissions(path, source, wanted);
  if (edit === null) return null;
  const { owner, group } = args;
  const owners = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
  const after: FileState = { ...source, ...wanted };
  return { edit, effect: fileEffect(path, after), permissions: { mode: wanted.mode, ...owners }, after };
}
