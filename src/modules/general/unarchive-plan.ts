import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import type { ControllerFile } from '../asks/controller-file.ts';
import { belowEffect, type FileState, fileEffect, unforeseenFile } from '../asks/file-state.ts';
import type { TaskContext } from '../module.ts';
import type { Archive, ArchiveFormat, Member } from './archive-listing.ts';
import { type GuardState, notNeeded } from './command-guard.ts';
import { decrypted } from './controller-content.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { withoutUmask } from './file-change.ts';
import { pathOutput } from './file-output.ts';
import { type ListArgument, listed } from './list-argument.ts';
import { compareMembers, type KnownNames, type MemberDifference } from './member-compare.ts';
import { impliedFolders } from './member-names.ts';
import type { PresentMember } from './member-states.ts';
import { pathInfo } from './path-look.ts';

/** Arguments of `unarchive`. */
export interface UnarchiveArgs extends PermissionArgs {
  readonly src: string;
  readonly dest: string;
  readonly remote_src?: boolean;
  readonly copy?: boolean;
  readonly creates?: string;
  readonly list_files?: boolean;
  readonly include?: ListArgument;
  readonly exclude?: ListArgument;
  readonly extra_opts?: ListArgument;
  readonly keep_newer?: boolean;
  readonly decrypt?: boolean;
  readonly validate_certs?: boolean;
}

/** What `unarchive` asks. */
export interface UnarchiveState {
  readonly guards: GuardState;
  /** What `dest` is. */
  readonly to: FileState;
  readonly who: Identity;
  /** `null`: a guard says that it is not needed, or it must be fetched first. */
  readonly archive: Archive | null;
  /** The archive itself, where the controller cannot list it: it may be encrypted. `null`: not looked at. */
  readonly source: ControllerFile | null;
  readonly present: ReadonlyMap<string, PresentMember>;
  readonly names: KnownNames;
}

/** An archive to unpack; `members: null`: what is in it is known only on the host. */
export interface UnarchiveChange extends Change {
  readonly args: UnarchiveArgs;
  readonly archive: (Archive & { readonly kind: 'archive' }) | null;
  readonly members: readonly Member[] | null;
  /** What was encrypted on the controller; `null`: it was not. */
  readonly decrypted: Text | Uint8Array | null;
  /** What `dest` is. */
  readonly to: FileState;
  readonly who: Identity;
  /** Whether it has to be unpacked, or only permissions to be set. */
  readonly unpack: 'yes' | 'no';
  readonly result: Output;
}

/** Ansible's names of the ways to unpack. */
const handlers: Readonly<Record<ArchiveFormat, string>> = {
  zip: 'ZipArchive',
  tar: 'TarArchive',
  gz: 'TgzArchive',
  bz2: 'TarBzipArchive',
  xz: 'TarXzArchive',
  zst: 'TarZstdArchive',
};

/** Whether the archive lies on the host already, or behind an address. */
export function placeOfArchive(args: UnarchiveArgs): 'controller' | 'host' | 'url' {
  if (args.remote_src !== true && args.copy !== false) return 'controller';
  return args.src.includes('://') ? 'url' : 'host';
}

/** What has to be done so that all of the archive is there; `null`: nothing. @throws Failure HAPB6020, HAPB6023, HAPB6030, HAPB622x */
export function planUnarchive(
  args: UnarchiveArgs,
  state: UnarchiveState,
  task: TaskContext,
): UnarchiveChange | null {
  if (notNeeded(args, state.guards) !== null) return null;
  requireFolder(args.dest, state.to);
  const { archive, who } = state;
  if (archive === null || (archive.kind === 'archive' && archive.members === null)) {
    if (archive?.kind === 'archive' && archive.complaint !== '' && placeOfArchive(args) === 'host')
      throw notListed(archive.path, archive.complaint);
    const reason = 'what is in the archive is known only once it is on the host';
    return {
      summary: `unpack ${args.src} into ${args.dest}`,
      edits: [],
      effects: [belowEffect(args.dest, new Unknown(reason))],
      forecast: { kind: 'unknown', unknown: new Unknown(reason) },
      args,
      archive: archive?.kind === 'archive' ? archive : null,
      members: null,
      decrypted: decryptedOf(args, state.source, task),
      to: state.to,
      who,
      unpack: 'yes',
      result: { dest: args.dest, src: args.src, state: 'directory' },
    };
  }
  if (archive.kind !== 'archive') throw noArchive(args, archive);
  const members = archive.members ?? [];
  const differences = differencesOf(args, members, state);
  if (differences.length === 0) return null;
  const blocked = differences.find(({ before }) => before?.inTheWay === true);
  if (blocked !== undefined) throw folderInTheWay(`${args.dest.replace(/\/+$/, '')}/${blocked.member.name}`);
  const base = args.dest.replace(/\/+$/, '');
  const unpack = differences.some(({ what }) => what !== 'permissions') ? 'yes' : 'no';
  return {
    summary:
      unpack === 'yes'
        ? `unpack ${archive.path} into ${args.dest}`
        : `set the permissions of what ${archive.path} holds in ${args.dest}`,
    edits: editsOf(differences, { base, from: archive.path }),
    effects: [
      ...missingFolders(members, state).map((name) => newFolder(`${base}/${name}`, who)),
      ...differences.map((difference) => effectOf(`${base}/${difference.member.name}`, difference)),
    ],
    forecast: known,
    args,
    archive,
    members,
    decrypted: null,
    to: state.to,
    who,
    unpack,
    result: unarchiveResult(args, archive, state),
  };
}

function decryptedOf(
  args: UnarchiveArgs,
  source: ControllerFile | null,
  task: TaskContext,
): Text | Uint8Array | null {
  if (source?.kind !== 'file' || !source.encrypted || args.decrypt === false) return null;
  return decrypted(source, { argument: 'src' }, task);
}

/** How what is there differs from what is in the archive. */
export function differencesOf(
  args: UnarchiveArgs,
  members: readonly Member[],
  { present, who, names }: Pick<UnarchiveState, 'present' | 'who' | 'names'>,
): readonly MemberDifference[] {
  const options = listed(args.extra_opts);
  return compareMembers(members, present, {
    permissions: args,
    who,
    names,
    times: options.some((word) => word === '--touch' || word === '-m')
      ? 'ignored'
      : args.keep_newer === true
        ? 'older'
        : 'other',
  });
}

/** What is registered of an archive. */
export function unarchiveResult(
  args: UnarchiveArgs,
  archive: Archive & { readonly kind: 'archive' },
  { to, who }: Pick<UnarchiveState, 'to' | 'who'>,
): Output {
  const files = (archive.members ?? []).map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name));
  return {
    dest: args.dest,
    src: args.src,
    ...pathInfo(pathOutput(args.dest, to, { now: to, who })),
    handler: handlers[archive.format],
    ...(args.list_files === true ? { files } : {}),
  };
}

function missingFolders(members: readonly Member[], { present }: UnarchiveState): readonly string[] {
  return impliedFolders(members).filter((name) => !present.has(name));
}

function newFolder(path: string, who: Identity): Effect {
  const mode = withoutUmask(0o777, who);
  return fileEffect(path, { kind: 'directory', mode, owner: who.user, group: who.group });
}

const maxEdits = 200;

function editsOf(
  differences: readonly MemberDifference[],
  at: { readonly base: string; readonly from: string },
): readonly Edit[] {
  const edits = differences.slice(0, maxEdits).map(({ member, before, what, after }): Edit => {
    const subject = `${at.base}/${member.name}`;
    const lines = (mode: string, owner: string, group: string): string =>
      `mode: ${mode}\nowner: ${owner}\ngroup: ${group}\n`;
    if (what === 'permissions' && before !== null)
      return {
        subject,
        before: lines(before.mode, before.owner, before.group),
        after: lines(after.mode ?? before.mode, after.owner ?? before.owner, after.group ?? before.group),
      };
    const old = before?.kind === 'file' ? `size: ${before.sizeBytes} bytes\n` : `${before?.kind ?? ''}\n`;
    return { subject, before: before === null ? null : old, after: `unpacked from ${at.from}\n` };
  });
  const more = differences.length - edits.length;
  return more === 0 ? edits : [...edits, { subject: `and ${more} more`, before: null, after: null }];
}

function effectOf(path: string, { member, after }: MemberDifference): Effect {
  const { mode, owner, group } = after;
  if (owner === null || group === null || mode === null || member.kind === 'other')
    return unforeseenFile(path, 'the archive does not say whose it will be');
  switch (member.kind) {
    case 'directory':
      return fileEffect(path, { kind: 'directory', mode, owner, group });
    case 'link':
      return member.target === null
        ? unforeseenFile(path, 'the archive’s listing does not say where the link leads')
        : fileEffect(path, { kind: 'link', target: member.target, owner, group });
    case 'hard':
      return unforeseenFile(path, 'it is a hard link');
    case 'file': {
      const unread = { sizeBytes: member.sizeBytes, sha256: null, content: null, realPath: path };
      return fileEffect(path, { kind: 'file', mode, owner, group, ...unread });
    }
  }
}

function requireFolder(dest: string, to: FileState): void {
  if (to.kind === 'directory') return;
  throw new Failure({
    code: 'HAPB6023',
    message: to.kind === 'absent' ? `the folder ${dest} does not exist` : `${dest} is no folder`,
    hint: 'Make it before with `file: {path: …, state: directory}`.',
    argument: 'dest',
  });
}

function folderInTheWay(path: string): Failure {
  return new Failure({
    code: 'HAPB6032',
    message: `${path} is a directory with something in it, so no file can be put there`,
    hint: 'Remove it first, or unpack into another folder.',
    argument: 'dest',
  });
}

function noArchive(args: UnarchiveArgs, archive: Exclude<Archive, { readonly kind: 'archive' }>): Failure {
  if (archive.kind === 'unreadable') {
    return new Failure({
      code: 'HAPB6001',
      message: `${archive.path} may not be read`,
      hint: 'Give the user access, or add `become: true`.',
      argument: 'src',
    });
  }
  const where = placeOfArchive(args) === 'host' ? 'the host' : 'the controller';
  return new Failure({
    code: 'HAPB6030',
    message: `src ${args.src} was not found on ${where}`,
    hint: `Looked for: ${archive.tried.join(', ')}.`,
    argument: 'src',
  });
}

/** An archive that its programs cannot read. */
export function notListed(path: string, complaint: string): Failure {
  const missing = /(xz|bzip2|zstd|gzip|unzip|tar): (?:Cannot exec|(?:command )?not found|not found)/.exec(
    complaint,
  )?.[1];
  return new Failure({
    code: missing === undefined ? 'HAPB6221' : 'HAPB6220',
    message:
      missing === undefined
        ? `${path} is no archive that can be unpacked`
        : `there is no ${missing} to unpack ${path} with`,
    hint:
      missing === undefined
        ? 'Archives of tar (plain, gzip, bzip2, xz, zstd) and zip can be unpacked. The program’s own words are below.'
        : `Install it on the host before: \`package: {name: ${packageOf[missing] ?? missing}}\`.`,
    argument: 'src',
    details: complaint,
  });
}

const packageOf: Readonly<Record<string, string>> = { xz: 'xz-utils' };
