import { type Change, known } from '../../core/change.ts';
import { registering } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output, Value } from '../../core/value.ts';
import { type Content, isDigest, md5OfContent, sha1OfContent } from '../asks/file-state.ts';
import type { HostWriter } from '../module.ts';
import { type Destination, mayWrite, planFolder } from './destination.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { applyFile, type FilePlan, keepBackup, planFile, saidOf, withoutUmask } from './file-change.ts';
import { putOutput } from './file-output.ts';
import { step } from './steps.ts';

/** Arguments that all modules share which put a whole file in place. */
export interface PutArgs extends PermissionArgs {
  readonly dest: string;
  readonly backup?: boolean;
  readonly validate?: string;
  readonly force?: boolean;
  readonly directory_mode?: string;
  /** Write to where a link at `dest` leads. */
  readonly follow?: boolean;
}

/** A file that is to be put in place. */
export interface PutChange extends Change {
  readonly plan: FilePlan;
  /** A folder that is made first; `null`: none. */
  readonly folder: { readonly path: string; readonly mode: string } | null;
  readonly result: Output;
}

/** What has to be done so that `content` is at the destination; `null`: nothing. @throws Failure */
export function planPut(args: PutArgs, content: Content, to: Destination): PutChange | null {
  if (args.force === false && to.now.kind !== 'absent') return null;
  // A slash at the end of `dest` says that a folder is meant, so a missing one is made.
  const mode = args.directory_mode ?? (args.dest.endsWith('/') ? withoutUmask(0o777, to.who) : undefined);
  const folder = folderOf(to, { mode, content });
  const path = args.follow === true && to.now.kind === 'file' ? to.now.realPath : to.path;
  const plan = planFile({ ...args, path, content }, to.now, to.who);
  if (plan === null) return null;
  if (plan.write !== null && path === to.path) mayWrite(to);
  const { after, backupPath } = plan;
  return {
    summary: saidOf(plan, to.path, `write ${to.path} (${after.mode})`),
    edits: plan.edits,
    effects: [...(folder === null ? [] : [folder]), ...plan.effects],
    forecast: known,
    plan,
    folder: folder === null ? null : { path: to.parent.path, mode: mode ?? '' },
    result: {
      ...putOutput(to.path, after, { ...to, checksum: sha1OfContent(content) }),
      ...(content instanceof Secret ? {} : { sha256: after.sha256 }),
      ...(plan.write === null ? {} : { md5sum: isDigest(content) ? unread : md5OfContent(content) }),
      ...(backupPath === null ? {} : { backup_file: backupPath }),
    },
  };
}

const unread: Value = new Unknown('only reading the source tells its MD5');

/** A failure tells what was to go there, as Ansible's does. */
function folderOf(
  to: Destination,
  { mode, content }: { readonly mode: string | undefined; readonly content: Content },
): ReturnType<typeof planFolder> {
  try {
    return planFolder(to, mode);
  } catch (thrown) {
    throw registering(thrown, { checksum: sha1OfContent(content) });
  }
}

/** Puts the file in place; `content` where only its hash was known. @throws Failure */
export async function applyPut(
  wanted: PutChange,
  host: HostWriter,
  content: Text | Uint8Array | null = wanted.plan.content,
): Promise<Output> {
  const { plan, result } = wanted;
  try {
    await makeFolder(wanted, host);
    await applyFile(plan, host, content);
  } catch (thrown) {
    throw registering(thrown, { checksum: result.checksum });
  }
  return result.md5sum === unread && content !== null ? { ...result, md5sum: md5OfContent(content) } : result;
}

/** What comes before the content: the folder, and the backup. @throws Failure HAPB6003 */
export async function prepare(wanted: PutChange, host: HostWriter): Promise<void> {
  await makeFolder(wanted, host);
  await keepBackup(wanted.plan, host);
}

async function makeFolder(wanted: PutChange, host: HostWriter): Promise<void> {
  if (wanted.folder !== null) {
    const { path, mode } = wanted.folder;
    const problem = {
      code: 'HAPB6003',
      message: `cannot make the folder ${path}`,
      hint: 'See the output below.',
    } as const;
    await step(host, { sh: 'mkdir -p "$1" && chmod "$2" "$1"', args: [path, mode] }, problem);
  }
}

/** Keys of what these modules register. */
export const putReturns: Readonly<Record<string, string>> = {
  dest: 'Path of the file.',
  path: 'The same.',
  state: 'Always file.',
  mode: 'Octal permissions.',
  owner: 'Owner.',
  group: 'Group.',
  uid: 'Number of the owner.',
  gid: 'Number of the group.',
  size: 'Size in bytes.',
  checksum: 'SHA-1 of the content, as Ansible registers it; secret where the content is.',
  md5sum: 'MD5 of the content, where it was written; secret where the content is.',
  sha256: 'SHA-256 of the content; absent where the content is secret.',
  backup_file: 'Where the old file was kept; absent where there was nothing to keep.',
};
