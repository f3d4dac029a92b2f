import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { belowEffect, type FileState, fileEffect, leadsEffect, unforeseenFile } from '../asks/file-state.ts';
import { type Mount, mountsEffect } from '../asks/mounts.ts';
import type { FilePlan } from '../general/file-change.ts';
import { joinLines, planText, splitLines, type TextFile, textOf } from '../general/text-file.ts';
import { bare, entryOf, type FstabEntry, withEntry, withoutEntry } from './fstab.ts';
import { entryFrom, type MountArgs } from './mount-args.ts';

/** What `mount` asks. */
export interface MountModuleState {
  readonly fstab: TextFile;
  readonly mounts: readonly Mount[];
  readonly place: FileState;
}

/** What is done to what is mounted. */
export type MountDeed = 'mount' | 'remount' | 'replace' | 'unmount' | 'none';

/** A line of fstab, and what is done besides. */
export interface MountChange extends Change {
  readonly args: MountArgs;
  readonly entry: FstabEntry;
  readonly plan: FilePlan | null;
  /** The text of fstab before, to go back to when mounting fails. */
  readonly before: string;
  readonly deed: MountDeed;
  /** The folder: to be made before, or removed afterwards. */
  readonly folder: 'make' | 'remove' | 'keep';
  readonly result: Output;
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6340, HAPB6342 */
export function planMount(args: MountArgs, state: MountModuleState): MountChange | null {
  check(args);
  const path = args.fstab ?? '/etc/fstab';
  const before = textOf(path, state.fstab) ?? '';
  const { lines, newline } = splitLines(before);
  const mounted = state.mounts.findLast((mount) => mount.path === bare(args.path)) ?? null;
  const listed = entryOf(lines, args.path);
  const entry = args.state === 'remounted' ? (listed ?? entryFrom(args)) : entryFrom(args);
  const wanted = fstabLines(args, lines);
  const plan =
    wanted.join('\n') === lines.join('\n')
      ? null
      : planText(path, joinLines(wanted, newline), {
          now: state.fstab,
          edit: { backup: args.backup === true },
        });
  const deed = deedOf(args, { mounted, listed, changed: plan === null ? 'same' : 'changed' });
  const removes = args.state === 'absent' && plan !== null && state.place.kind !== 'absent';
  if (plan === null && deed === 'none') return null;
  const makes = deed === 'mount' && state.place.kind === 'absent';
  if (deed === 'mount' && !['absent', 'directory'].includes(state.place.kind) && entry.path !== 'none')
    checkPlace(args, state.place);
  return {
    summary: summaryOf(args, deed, plan !== null),
    edits: [...mountEdits({ args, deed, mounted, entry }), ...(plan?.edits ?? [])],
    effects: [
      ...(plan?.effects ?? []),
      ...mountEffects(args, { deed, entry, mounts: state.mounts }),
      ...(removes ? [fileEffect(entry.path, { kind: 'absent' })] : []),
    ],
    forecast: known,
    args,
    entry,
    plan,
    before,
    deed,
    folder: makes ? 'make' : removes ? 'remove' : 'keep',
    result: resultOf(args, plan?.backupPath ?? ''),
  };
}

function fstabLines(args: MountArgs, lines: readonly string[]): readonly string[] {
  switch (args.state) {
    case 'mounted':
    case 'present':
      return withEntry(lines, entryFrom(args));
    case 'absent':
    case 'absent_from_fstab':
      return withoutEntry(lines, entryFrom(args));
    case 'unmounted':
    case 'remounted':
    case 'ephemeral':
      return lines;
  }
}

interface Seen {
  readonly mounted: Mount | null;
  readonly listed: FstabEntry | null;
  readonly changed: 'same' | 'changed';
}

function deedOf(args: MountArgs, { mounted, listed, changed }: Seen): MountDeed {
  switch (args.state) {
    case 'present':
    case 'absent_from_fstab':
      return 'none';
    case 'absent':
      return mounted !== null && changed === 'changed' ? 'unmount' : 'none';
    case 'unmounted':
      return mounted === null ? 'none' : 'unmount';
    case 'mounted': {
      if (args.path === 'none' || args.path === 'swap') return 'none';
      if (mounted === null) return 'mount';
      if (changed === 'same') return 'none';
      const other = listed !== null && (listed.source !== args.src || listed.fileSystem !== args.fstype);
      return other ? 'replace' : 'remount';
    }
    case 'remounted':
      if (mounted === null) throw notMounted(args.path);
      return 'remount';
    case 'ephemeral':
      if (mounted === null) return 'mount';
      if (!isSource(mounted, args.src ?? '')) throw taken(args, mounted);
      return 'remount';
  }
}

/** Whether that is what is mounted. A bind mount shows the device of its folder, and which folder it is. */
export function isSource(mount: Mount, source: string): boolean {
  return mount.source === source || (mount.root !== '/' && bare(source).endsWith(mount.root));
}

function mountEffects(
  args: MountArgs,
  at: { readonly deed: MountDeed; readonly entry: FstabEntry; readonly mounts: readonly Mount[] },
): readonly Effect[] {
  const { deed, entry } = at;
  const others = at.mounts.filter((mount) => mount.path !== entry.path);
  const hidden = new Unknown(`what is in ${entry.path} shows once that is done`);
  // Whose the folder is and what may be done with it shows then, too.
  const below = [belowEffect(entry.path, hidden), unforeseenFile(entry.path, hidden.reason)];
  const fresh: Mount = {
    path: entry.path,
    source: entry.source,
    fileSystem: entry.fileSystem,
    root: '/',
    options: entry.options.split(','),
  };
  switch (deed) {
    case 'none':
      return [];
    case 'unmount':
      return [
        mountsEffect(others),
        ...(args.state === 'absent' ? [belowEffect(entry.path, { kind: 'absent' })] : below),
      ];
    case 'mount':
    case 'replace':
      return [mountsEffect([...others, fresh]), ...below, ...bound(entry)];
    case 'remount':
      return [];
  }
}

/** What is written below a folder that is bound elsewhere is written there. */
function bound({ path, source, options }: FstabEntry): readonly Effect[] {
  const binds = options.split(',').some((word) => word === 'bind' || word === 'rbind');
  return binds ? [leadsEffect(path, source)] : [];
}

function mountEdits(at: {
  readonly args: MountArgs;
  readonly deed: MountDeed;
  readonly mounted: Mount | null;
  readonly entry: FstabEntry;
}): readonly Edit[] {
  const { deed, mounted, entry, args } = at;
  const subject = `mount ${entry.path}`;
  const before =
    mounted === null ? null : `${mounted.source} ${mounted.fileSystem} ${mounted.options.join(',')}\n`;
  const after = `${entry.source} ${entry.fileSystem} ${args.opts ?? entry.options}\n`;
  switch (deed) {
    case 'none':
      return [];
    case 'unmount': {
      // With which options it is mounted only the kernel says, after a run.
      const what = mounted === null ? null : `${mounted.source} ${mounted.fileSystem}\n`;
      return [{ subject, before: what, after: null }];
    }
    case 'mount':
    case 'replace':
      return [{ subject, before, after }];
    case 'remount':
      return [{ subject, before, after: `${after.trimEnd()} (again)\n` }];
  }
}

function summaryOf(args: MountArgs, deed: MountDeed, fstab: boolean): string {
  const file = args.fstab ?? '/etc/fstab';
  const words = [
    ...(fstab ? [`${args.state.startsWith('absent') ? 'take it out of' : 'write it into'} ${file}`] : []),
    ...(deed === 'none' ? [] : [deed === 'replace' ? 'unmount and mount it' : `${deed} it`]),
  ];
  return `${args.path}: ${words.join(', ')}`;
}

function resultOf(args: MountArgs, backup: string): Output {
  const entry = entryFrom(args);
  return {
    name: args.path,
    src: args.src ?? null,
    fstype: args.fstype ?? null,
    opts: entry.options,
    dump: entry.dump,
    passno: entry.pass,
    fstab: args.fstab ?? '/etc/fstab',
    boot: args.boot === false ? 'no' : 'yes',
    backup_file: backup,
  };
}

/** What `register` gets when nothing had to change. */
export function mountOutput(args: MountArgs): Output {
  return resultOf(args, '');
}

function check(args: MountArgs): void {
  if (!['mounted', 'present', 'ephemeral'].includes(args.state)) return;
  const missing = args.src === undefined ? 'src' : args.fstype === undefined ? 'fstype' : null;
  if (missing === null) return;
  throw new Failure({
    code: 'HAPB6006',
    message: `state: ${args.state} needs ${missing}`,
    hint: `Add \`${missing}:\`.`,
    argument: 'state',
  });
}

/** Single files can be mounted over by a file. */
function checkPlace(args: MountArgs, place: FileState): void {
  if (place.kind === 'file' && (args.opts ?? '').split(',').includes('bind')) return;
  throw new Failure({
    code: 'HAPB6340',
    message: `${args.path} is no folder, so nothing can be mounted there`,
    hint: 'Remove what is there, or give another path.',
    argument: 'path',
  });
}

function notMounted(path: string): Failure {
  return new Failure({
    code: 'HAPB6340',
    message: `nothing is mounted at ${path}, so it cannot be remounted`,
    hint: 'Use `state: mounted`.',
    argument: 'path',
  });
}

function taken(args: MountArgs, mounted: Mount): Failure {
  return new Failure({
    code: 'HAPB6342',
    message: `${mounted.source} is mounted at ${args.path}, not ${args.src}`,
    hint: 'Unmount it first with `state: unmounted`, or give another path.',
    argument: 'path',
  });
}
