import { type Change, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import { belowEffect, type FileState, fileEffect, permitted, type RegularFile } from '../asks/file-state.ts';
import type { Archive, Member } from './archive-listing.ts';
import type { Expanded } from './archive-sources.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { editPermissions, wantedPermissions } from './file-change.ts';
import { putOutput } from './file-output.ts';
import { type ListArgument, listed } from './list-argument.ts';
import type { PresentMember } from './member-states.ts';

/** How an archive is to be packed. */
export type PackFormat = 'gz' | 'bz2' | 'xz' | 'zstd' | 'tar' | 'zip';

/** Arguments of `archive`. */
export interface ArchiveArgs extends PermissionArgs {
  readonly path: ListArgument;
  readonly dest?: string;
  readonly format?: PackFormat;
  readonly exclude_path?: ListArgument;
  readonly exclusion_patterns?: ListArgument;
  readonly force_archive?: boolean;
  readonly remove?: boolean;
}

/** What is to be packed, and where. */
export interface Packing {
  /** `file`: one file is only compressed. */
  readonly kind: 'archive' | 'file';
  readonly dest: string;
  readonly format: PackFormat;
  /** Sorted, without what is excluded. */
  readonly paths: readonly string[];
  /** The folder that names in the archive are below, with a slash at its end. */
  readonly root: string;
  readonly expanded: Expanded;
}

/** What `archive` asks. */
export interface ArchiveState {
  readonly packing: Packing;
  readonly sources: ReadonlyMap<string, PresentMember>;
  readonly now: FileState;
  readonly who: Identity;
  /** What is in the archive that is there; `null`: it is a compressed file. */
  readonly archive: Archive | null;
  readonly digests: { readonly packed: string | null; readonly source: string | null } | null;
}

/** An archive to make. */
export interface ArchiveChange extends Change {
  readonly packing: Packing;
  readonly pack: 'yes' | 'no';
  /** Names below the root, in order. */
  readonly names: readonly string[];
  readonly remove: readonly string[];
  readonly permissions: PermissionArgs & { readonly mode: string };
  readonly result: Output;
}

/** What the arguments mean, once their patterns are resolved. @throws Failure HAPB6222 */
export function packingOf(args: ArchiveArgs, expanded: Expanded): Packing {
  const out = new Set(expanded.excluded);
  const paths = [...new Set(expanded.paths)].filter((path) => !out.has(path)).sort();
  const format = args.format ?? 'gz';
  const [first] = paths;
  if (first === undefined) {
    throw new Failure({
      code: 'HAPB6222',
      message: 'there is nothing to pack: no path is left after patterns and exclusions',
      hint: 'Correct `path`; a pattern that matches nothing stands for no path.',
      argument: 'path',
      output: { msg: 'Error, no source paths were found', expanded_paths: expanded.paths },
    });
  }
  const globbed = listed(args.path).some((path) => /[*?]/.test(path));
  const many = args.force_archive === true || globbed || paths.length > 1;
  const dest = args.dest ?? (many ? '' : `${first.replace(/\/+$/, '')}.${format}`);
  return { kind: many ? 'archive' : 'file', dest, format, paths, root: rootOf(paths), expanded };
}

function rootOf(paths: readonly string[]): string {
  const folders = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  let common = folders[0] ?? '/';
  for (const folder of folders) while (!folder.startsWith(common)) common = common.slice(0, -1);
  return common.slice(0, common.lastIndexOf('/') + 1);
}

/** The same with what only the host knows: a folder is always packed as an archive. */
export function settled(packing: Packing, sources: ArchiveState['sources'], args: ArchiveArgs): Packing {
  const [first = ''] = packing.paths;
  const folder = stateOf(sources, first)?.kind === 'directory';
  const kind = folder || packing.format === 'tar' || packing.format === 'zip' ? 'archive' : packing.kind;
  if (args.dest === undefined && (folder || packing.dest === '')) {
    throw new Failure({
      code: 'HAPB6222',
      message: 'several files or a folder are packed, and nothing says where',
      hint: 'Add `dest`.',
      argument: 'dest',
      output: { msg: 'Error, must specify "dest" when archiving multiple files or trees' },
    });
  }
  return { ...packing, kind };
}

function stateOf(sources: ArchiveState['sources'], path: string): PresentMember | undefined {
  return sources.get(path) ?? sources.get(path.replace(/\/+$/, ''));
}

/** What has to be done so that the archive holds what it is to hold; `null`: nothing. @throws Failure HAPB6032, HAPB6222 */
export function planArchive(args: ArchiveArgs, state: ArchiveState): ArchiveChange | null {
  const { packing, sources, now } = state;
  if (now.kind === 'directory') throw folderInPlace(packing.dest);
  const there = packing.paths.filter((path) => stateOf(sources, path) !== undefined);
  if (there.length === 0 && now.kind === 'absent') return null;
  const members = membersOf(args, state);
  const same =
    there.length === 0 || (packing.kind === 'file' ? sameFile(state) : sameMembers(members, state));
  const before = now.kind === 'file' ? now : null;
  const permissions = wantedPermissions(args, before, state.who);
  const edit = editPermissions(packing.dest, before, permissions);
  const remove = args.remove === true ? there : [];
  if (remove.some((path) => packing.dest.startsWith(`${path.replace(/\/+$/, '')}/`))) throw insideItself();
  if (same && edit === null && remove.length === 0) return null;
  const unknown = { sizeBytes: null, sha256: null, content: null, realPath: packing.dest };
  const after: RegularFile =
    same && before !== null
      ? permitted(before, permissions)
      : {
          kind: 'file',
          mode: permissions.mode,
          owner: permissions.owner,
          group: permissions.group,
          ...unknown,
        };
  const effects: readonly Effect[] = [
    ...(same && edit === null ? [] : [fileEffect(packing.dest, after)]),
    ...remove.flatMap((path) => [
      fileEffect(path.replace(/\/+$/, ''), { kind: 'absent' }),
      ...(stateOf(sources, path)?.kind === 'directory' ? [belowEffect(path, { kind: 'absent' })] : []),
    ]),
  ];
  const names = [...members.keys()];
  return {
    summary: same
      ? `set the permissions of ${packing.dest}${remove.length > 0 ? ' and remove what it holds' : ''}`
      : `pack ${names.length === 1 ? (names[0] ?? '') : `${names.length} things`} into ${packing.dest}`,
    edits: [
      ...(same ? [] : [{ subject: packing.dest, before: beforeOf(state), after: listOf(packing, names) }]),
      ...(edit === null || (!same && before === null) ? [] : [edit]),
      ...remove.map((path) => ({ subject: path, before: 'packed\n', after: null })),
    ],
    effects,
    forecast: known,
    packing,
    pack: same ? 'no' : 'yes',
    names,
    remove,
    permissions: {
      mode: permissions.mode,
      ...(args.owner === undefined ? {} : { owner: args.owner }),
      ...(args.group === undefined ? {} : { group: args.group }),
    },
    result: archiveOutput(args, state, after),
  };
}

function folderInPlace(dest: string): Failure {
  return new Failure({
    code: 'HAPB6032',
    message: `${dest} is a directory, so no file can be put there`,
    hint: 'Give the path of a file in `dest`, or remove what is there first.',
    argument: 'dest',
  });
}

function insideItself(): Failure {
  return new Failure({
    code: 'HAPB6222',
    message: 'the archive would lie in a folder that is removed afterwards',
    hint: 'Give another `dest`, or leave `remove` out.',
    argument: 'dest',
  });
}

/** What is packed, by its name in the archive. */
function membersOf(
  args: ArchiveArgs,
  { packing, sources }: ArchiveState,
): ReadonlyMap<string, PresentMember> {
  const patterns = listed(args.exclusion_patterns).map(fnmatch);
  const folders = new Set(packing.paths.flatMap((path) => [path, path.replace(/\/+$/, '')]));
  const found = [...sources].flatMap(([path, state]): (readonly [string, PresentMember])[] => {
    if (path === packing.dest || (state.kind === 'directory' && folders.has(path))) return [];
    const name = path.startsWith(packing.root) ? path.slice(packing.root.length) : path.replace(/^\/+/, '');
    const tested = packing.format === 'zip' ? path : name;
    if (name === '' || patterns.some((pattern) => pattern.test(tested))) return [];
    if (name.includes('\n')) {
      throw new Failure({
        code: 'HAPB6222',
        message: `${JSON.stringify(path)} has a newline in its name, which cannot be packed`,
        hint: 'Rename it, or leave it out with `exclusion_patterns`.',
        argument: 'path',
      });
    }
    return [[name, state]];
  });
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A pattern in which a star takes slashes too. */
function fnmatch(glob: string): RegExp {
  const source = glob.replace(/\[!/g, '[^').replace(/[.+^${}()|\\*?]/g, (sign, at: number) => {
    if (sign === '*') return '.*';
    if (sign === '?') return '.';
    return sign === '^' && glob[at - 1] === '[' ? '^' : `\\${sign}`;
  });
  return new RegExp(`^(?:${source})$`, 's');
}

function sameFile({ digests, now }: ArchiveState): boolean {
  return (
    now.kind === 'file' && digests !== null && digests.packed !== null && digests.packed === digests.source
  );
}

function sameMembers(
  wanted: ReadonlyMap<string, PresentMember>,
  { archive, packing }: ArchiveState,
): boolean {
  const formats = { gz: 'gz', bz2: 'bz2', xz: 'xz', zstd: 'zst', tar: 'tar', zip: 'zip' } as const;
  if (archive?.kind !== 'archive' || archive.format !== formats[packing.format]) return false;
  if (archive.members === null) return wanted.size === 0 && archive.complaint === '';
  const held = new Map(archive.members.map((member) => [member.name, member]));
  return (
    held.size === wanted.size && [...wanted].every(([name, state]) => isSame(held.get(name), state, packing))
  );
}

function isSame(member: Member | undefined, state: PresentMember, { format }: Packing): boolean {
  if (member === undefined) return false;
  // zip holds what links lead to, and times in steps of two seconds without a zone.
  if (format === 'zip' && state.kind === 'link') return true;
  if (member.kind === 'hard') return state.kind === 'file';
  if (
    member.kind !== state.kind ||
    (member.mode !== null && state.kind !== 'link' && member.mode !== state.mode)
  )
    return false;
  if (member.owner !== '' && member.owner !== state.owner && member.owner !== state.uid) return false;
  if (member.group !== '' && member.group !== state.group && member.group !== state.gid) return false;
  if (state.kind === 'link') return member.target === state.target;
  if (state.kind !== 'file') return true;
  if (member.sizeBytes !== state.sizeBytes) return false;
  const apart = Math.abs(member.mtime - state.mtime);
  return format === 'zip' ? apart <= 50_400 && (apart % 900 <= 2 || apart % 900 >= 898) : apart === 0;
}

function beforeOf({ now, archive, packing }: ArchiveState): string | null {
  if (now.kind === 'absent') return null;
  const members = archive?.kind === 'archive' ? (archive.members ?? []) : [];
  return listOf(packing, members.map(({ name }) => name).sort());
}

function listOf({ root }: Packing, names: readonly string[]): string {
  return [`packed from ${root}`, ...names].map((line) => `${line}\n`).join('');
}

/** What is registered. */
export function archiveOutput(args: ArchiveArgs, state: ArchiveState, after: FileState): Output {
  const { packing, sources } = state;
  const missing = packing.paths.filter((path) => stateOf(sources, path) === undefined);
  const nothing = missing.length === packing.paths.length;
  const packed =
    packing.kind === 'archive' && !nothing ? (missing.length > 0 ? 'incomplete' : 'archive') : 'compress';
  const left = /\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2|tzst|zip)$/i.test(packing.dest) ? 'archive' : 'compress';
  return {
    ...(after.kind === 'file' ? putOutput(packing.dest, after, state) : { dest: packing.dest }),
    dest_state: after.kind === 'absent' ? 'absent' : nothing ? left : packed,
    archived: nothing ? [] : [...membersOf(args, state).keys()].map((name) => `${packing.root}${name}`),
    arcroot: packing.root,
    missing,
    expanded_paths: packing.expanded.paths,
    expanded_exclude_paths: packing.expanded.excluded,
  };
}
