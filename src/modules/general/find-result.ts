import { float } from '../../core/float.ts';
import type { Output, ValueMap } from '../../core/value.ts';
import { ageSeconds, modeFilter, nameFilter, reaches, sizeBytes } from './find-filter.ts';
import type { Found, Listing } from './find-listing.ts';
import { type ListArgument, listed } from './list-argument.ts';
import { kindOf, permissionFlags } from './permission-flags.ts';

/** Arguments of `find`. */
export interface FindArgs {
  readonly paths: ListArgument;
  readonly patterns?: ListArgument;
  readonly excludes?: ListArgument;
  readonly use_regex?: boolean;
  readonly contains?: string;
  readonly read_whole_file?: boolean;
  readonly file_type?: 'any' | 'directory' | 'file' | 'link';
  readonly age?: string | number;
  readonly age_stamp?: 'atime' | 'ctime' | 'mtime';
  readonly size?: string | number;
  readonly recurse?: boolean;
  readonly depth?: number;
  readonly hidden?: boolean;
  readonly follow?: boolean;
  readonly get_checksum?: boolean;
  readonly checksum_algorithm?: string;
  readonly mode?: string;
  readonly exact_mode?: boolean;
  readonly limit?: number;
}

/** What `find` registers: what passes its filters, from the shallowest on. @throws Failure HAPB6005, HAPB6006 */
export function findResult(args: FindArgs, state: readonly Listing[]): Output {
  const paths = listed(args.paths);
  const skipped: Record<string, string> = {};
  for (const [index, { kind, denied }] of state.entries()) {
    const path = paths[index] ?? '';
    if (kind === 'other') skipped[path] = `'${path}' is not a directory`;
    Object.assign(skipped, denied);
  }
  const fits = filterOf(args);
  const all = state.flatMap((one, index) =>
    one.found
      .filter((each) => fits(each, one.now))
      .sort(byDepth)
      .map((each) => ({ each, index })),
  );
  const kept = args.limit === undefined ? all : all.slice(0, args.limit);
  return {
    files: kept.map(({ each }) => described(each)),
    matched: kept.length,
    examined: state.reduce((sum, { examined }) => sum + examined, 0),
    skipped_paths: skipped,
    msg:
      Object.keys(skipped).length > 0
        ? 'Not all paths examined, check warnings for details'
        : args.limit !== undefined && kept.length === args.limit
          ? 'Limit of matches reached'
          : 'All paths examined',
  };
}

function byDepth(a: Found, b: Found): number {
  const depth = a.path.split('/').length - b.path.split('/').length;
  return depth !== 0 ? depth : a.path < b.path ? -1 : 1;
}

const wantedKinds = { directory: 'dir', file: 'reg', link: 'lnk' } as const;

function filterOf(args: FindArgs): (found: Found, now: number) => boolean {
  const type = args.file_type ?? 'file';
  const age = args.age === undefined ? null : ageSeconds(args.age);
  const size = args.size === undefined ? null : sizeBytes(args.size);
  const stamp = args.age_stamp ?? 'mtime';
  const named = nameFilter({
    patterns: listed(args.patterns),
    excludes: listed(args.excludes),
    notation: args.use_regex === true ? 'regex' : 'glob',
  });
  const permitted = modeFilter(args.mode, args.exact_mode === false ? 'any' : 'exact');
  return (found, now) => {
    const kind = kindOf(found.rawMode);
    return (
      (type === 'any' || kind === wantedKinds[type]) &&
      named(found.path.slice(found.path.lastIndexOf('/') + 1)) &&
      (age === null || reaches(now - found[stamp], age)) &&
      (kind !== 'reg' || reaches(found.sizeBytes, size)) &&
      permitted(found)
    );
  };
}

function described(found: Found): ValueMap {
  return {
    path: found.path,
    ...permissionFlags(found.rawMode),
    uid: found.uid,
    gid: found.gid,
    pw_name: found.owner,
    gr_name: found.group,
    size: found.sizeBytes,
    inode: found.inode,
    dev: found.device,
    nlink: found.links,
    atime: float(found.atime),
    mtime: float(found.mtime),
    ctime: float(found.ctime),
    ...(found.checksum === null ? {} : { checksum: found.checksum }),
  };
}
