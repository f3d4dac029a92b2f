import { Secret } from '../../core/secret.ts';
import { type Ask, all, andThen, map, nothing, on, type Target } from '../ask.ts';
import { candidates, controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import type { TaskContext } from '../module.ts';
import { digestOfFile } from './checksum.ts';
import type { CopyArgs, CopySource, CopyState } from './copy-apply.ts';
import { type CopyTree, copyTree } from './copy-tree.ts';
import { destination } from './destination.ts';
import { maxDiffBytes } from './file-change.ts';

/** What `copy_file` asks. */
export interface CopyFileState extends CopyState {
  /** A folder to copy; `null`: it is a single file. */
  readonly tree: CopyTree | null;
  /** SHA-1 of the source, where the playbook demands one. */
  readonly sha1: string | null;
}

/** Asks for the source and the destination; for a folder, then for all that is in it. */
export function copyState(args: CopyArgs, task: TaskContext): Ask<CopyFileState> {
  const name = args.src === undefined ? null : (args.src.replace(/\/+$/, '').split('/').at(-1) ?? args.src);
  // Old text is only of use for a diff, which secrets and hosts' files do not get.
  const wantsText =
    args.from_host === undefined && args.remote_src !== true && !(args.content instanceof Secret);
  const links = args.follow === true ? 'follow' : 'replace';
  const question = wantsText
    ? ({ content: 'text', maxContentBytes: maxDiffBytes, name, links } as const)
    : ({ content: 'hash', name, links } as const);
  const single = all({
    source: sourceOf(args, task),
    to: destination(args.dest, { ...question, owners: args }),
  });
  return andThen(single, (state): Ask<CopyFileState> => {
    const folder = folderOf(args, state.source);
    if (folder !== null) return map(copyTree(args, folder), (tree) => ({ ...state, tree, sha1: null }));
    if (args.checksum === undefined) return nothing({ ...state, tree: null, sha1: null });
    return map(sourceDigest(args, state.source), (sha1) => ({ ...state, tree: null, sha1 }));
  });
}

function folderOf(args: CopyArgs, source: CopySource): string | null {
  if (source.kind === 'controller') return source.found.kind === 'directory' ? source.found.path : null;
  const here = source.kind === 'host' && source.state.kind === 'directory' && args.remote_src === true;
  return here ? (args.src ?? null) : null;
}

function sourceDigest(args: CopyArgs, source: CopySource): Ask<string | null> {
  if (source.kind === 'controller' && source.found.kind === 'file')
    return on({ kind: 'controller' }, digestOfFile(source.found.path, 'sha1'));
  if (source.kind === 'host' && source.state.kind === 'file')
    return on(source.target, digestOfFile(args.src ?? '', 'sha1'));
  return nothing(null);
}

function sourceOf(args: CopyArgs, task: TaskContext): Ask<CopySource> {
  const { src, from_host: from } = args;
  if (src === undefined) return nothing<CopySource>({ kind: 'text' });
  if (from !== undefined || args.remote_src === true) {
    const target: Target =
      from === undefined || from === task.host ? { kind: 'host' } : { kind: 'other', host: from };
    const path = src.length > 1 ? src.replace(/\/+$/, '') : src;
    return map(on(target, file(path, { content: 'hash', links: 'follow' })), (state) => ({
      kind: 'host',
      target,
      state,
    }));
  }
  const paths = candidates(src.length > 1 ? src.replace(/\/+$/, '') : src, 'files', task);
  return map(controllerFile(paths, maxDiffBytes), (found) => ({ kind: 'controller', found }));
}
