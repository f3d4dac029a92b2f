import type { Edit, Effect } from '../../core/change.ts';
import { cleanText } from '../../core/clean-text.ts';
import { Secret, type Text } from '../../core/secret.ts';
import type { Identity } from '../asks/account.ts';
import {
  type Content,
  digestOf,
  type FileState,
  fileEffect,
  isDigest,
  isSameAccount,
  type Permissions,
  type RegularFile,
  regularFile,
} from '../asks/file-state.ts';
import type { FileWrite, HostWriter } from '../module.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { resolveMode } from './mode.ts';
import { type Step, step, steps } from './steps.ts';

/** Texts longer than this are shown as size and hash; Ansible's limit. */
export const maxDiffBytes = 104_448;

/** A file as it should be. */
export interface WantedFile extends PermissionArgs {
  readonly path: string;
  readonly content: Content;
  readonly backup?: boolean;
  readonly validate?: string;
  /** `in-place`: written into the file that is there, for mount points, which cannot be renamed over. */
  readonly how?: 'rename' | 'in-place';
}

/** What has to be done to a file. */
export interface FilePlan {
  readonly path: string;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
  /** How the file will be. */
  readonly after: RegularFile;
  /** `null`: only its permissions differ. */
  readonly write: Omit<FileWrite, 'content'> | null;
  /** `null`: only its hash is known; `applyFile` is given the content. */
  readonly content: Text | Uint8Array | null;
  readonly how: 'rename' | 'in-place';
  readonly permissions: PermissionArgs;
  /** Where the old file is kept; `null`: nowhere. */
  readonly backupPath: string | null;
}

/** What has to be done so that `now` becomes `wanted`; `null`: nothing. `now` must be a file or absent. */
export function planFile(wanted: WantedFile, now: FileState, who: Identity): FilePlan | null {
  const before = now.kind === 'file' ? now : null;
  const permissions = wantedPermissions(wanted, before, who);
  const after = regularFile(wanted.path, wanted.content, permissions);
  const sameContent = before !== null && before.sha256 === after.sha256;
  const permissionEdit = editPermissions(wanted.path, before, permissions);
  if (sameContent && permissionEdit === null) return null;
  const backupPath =
    before !== null && !sameContent && wanted.backup === true ? backupPathOf(wanted.path, before) : null;
  const edits = [
    ...(sameContent ? [] : [editContent(wanted, before)]),
    ...(permissionEdit === null ? [] : [permissionEdit]),
  ];
  const write: Omit<FileWrite, 'content'> = {
    path: wanted.path,
    mode: permissions.mode,
    owner: wanted.owner ?? null,
    group: wanted.group ?? null,
    ...(wanted.validate === undefined ? {} : { validate: wanted.validate }),
  };
  return {
    path: wanted.path,
    edits,
    effects: [
      fileEffect(wanted.path, after),
      ...(backupPath === null || before === null
        ? []
        : [fileEffect(backupPath, { ...before, realPath: backupPath })]),
    ],
    after,
    write: sameContent ? null : write,
    content: isDigest(wanted.content) ? null : wanted.content,
    how: wanted.how ?? 'rename',
    permissions: { mode: permissions.mode, ...pickOwner(wanted) },
    backupPath,
  };
}

/** What is to be done to a file, in words: what a check cannot tell is whether the program accepts the content that is to judge it. */
export function saidOf({ write }: FilePlan, name: string, verb: string): string {
  if (write === null) return `set the permissions of ${name}`;
  return write.validate === undefined ? verb : `${verb}, if "${write.validate}" accepts it`;
}

/** Does what `planFile` found; `content` where the plan knows only its hash. @throws Failure */
export async function applyFile(plan: FilePlan, host: HostWriter, content = plan.content): Promise<void> {
  await keepBackup(plan, host);
  if (plan.write !== null && plan.how === 'rename') {
    await host.write({ ...plan.write, content: content ?? '' });
    return;
  }
  if (plan.write !== null) {
    const call = { sh: 'cat >"$1"', args: [plan.path], stdin: content ?? '' };
    const problem = {
      code: 'HAPB6003',
      message: `cannot write ${plan.path}`,
      hint: 'See the output below.',
    } as const;
    await step(host, call, problem);
  }
  await applyPermissions(plan.path, plan.permissions, host);
}

/** Copies the old file aside where the plan says so. @throws Failure HAPB6003 */
export async function keepBackup(plan: FilePlan, host: HostWriter): Promise<void> {
  if (plan.backupPath === null) return;
  const slash = plan.backupPath.lastIndexOf('/');
  const call = { sh: backupScript, args: [plan.path, plan.backupPath, plan.backupPath.slice(0, slash)] };
  const problem = {
    code: 'HAPB6003',
    message: `cannot keep a backup of ${plan.path}`,
    hint: 'See the output below.',
  } as const;
  await step(host, call, problem);
}

const backupScript = '[ -d "$3" ] || mkdir -m 0700 -p "$3" || exit; cp -p "$1" "$2"';

/** Sets mode and owners; what is absent stays. @throws Failure HAPB6003 */
export async function applyPermissions(
  path: string,
  wanted: PermissionArgs,
  host: HostWriter,
): Promise<void> {
  await steps(host, permissionSteps(path, wanted));
}

/** What sets mode and owners; empty where none is given. */
export function permissionSteps(
  path: string,
  { mode = '', owner = '', group = '' }: PermissionArgs,
): readonly Step[] {
  if (mode === '' && owner === '' && group === '') return [];
  // chown clears set-id bits, so the mode comes last.
  const commands = [
    ...(owner === '' && group === '' ? [] : ['chown "$3${4:+:$4}" "$1"']),
    ...(mode === '' ? [] : ['chmod "$2" "$1"']),
  ];
  const sh = [...commands.slice(0, -1), `exec ${commands.at(-1) ?? ':'}`].join(' && ');
  const hint = 'Add `become: true`, and check that the user and the group exist on the host.';
  const problem = { code: 'HAPB6003', message: `cannot set the permissions of ${path}`, hint } as const;
  return [{ sh, args: [path, mode, owner, group], problem }];
}

/** The permissions that a file ends up with. */
export function wantedPermissions(
  wanted: PermissionArgs & { readonly content?: Content },
  before: Permissions | null,
  who: Identity,
): Permissions {
  const fresh = wanted.content instanceof Secret ? '0600' : withoutUmask(0o666, who);
  const now = before?.mode ?? fresh;
  return {
    mode: wanted.mode === undefined ? now : resolveMode(wanted.mode, { now, kind: 'file' }),
    owner: nameOf(wanted.owner, before?.uid, before?.owner ?? who.user),
    group: nameOf(wanted.group, before?.gid, before?.group ?? who.group),
  };
}

/** A number that is the present owner's means that owner. */
function nameOf(wanted: string | undefined, nowId: number | undefined, nowName: string): string {
  return wanted === undefined || wanted === String(nowId) || isSameAccount(wanted, nowName)
    ? nowName
    : wanted;
}

/** The mode that the user's umask leaves of `bits`, as octal text. */
export function withoutUmask(bits: number, who: Identity): string {
  return (bits & ~Number.parseInt(who.umask, 8)).toString(8).padStart(4, '0');
}

/** Key lines for the permissions that differ; `null`: none do, or the file is new and its content says enough. */
export function editPermissions(path: string, before: Permissions | null, after: Permissions): Edit | null {
  if (before === null)
    return {
      subject: path,
      before: null,
      after: `mode: ${after.mode}\nowner: ${after.owner}\ngroup: ${after.group}\n`,
    };
  const keys = (['mode', 'owner', 'group'] as const).filter((key) => before[key] !== after[key]);
  if (keys.length === 0) return null;
  const lines = (from: Permissions): string => keys.map((key) => `${key}: ${from[key]}\n`).join('');
  return { subject: path, before: lines(before), after: lines(after) };
}

function editContent(wanted: WantedFile, before: RegularFile | null): Edit {
  const { path, content } = wanted;
  if (content instanceof Secret) {
    // The old content is most likely the last secret.
    return { subject: path, before: before === null ? null : '‹hidden›\n', after: content };
  }
  const old = before === null ? null : (before.content ?? undefined);
  const size = digestOf(content);
  const showable = isShowable(content) && size.sizeBytes <= maxDiffBytes;
  if (showable && (old === null || (isShowable(old) && cleanText(old) !== cleanText(content))))
    return { subject: path, before: old, after: content };
  return {
    subject: path,
    before: before === null ? null : describe(before.sizeBytes, before.sha256),
    after: describe(size.sizeBytes, size.sha256),
  };
}

/** Bytes that no text has make it one that is told by size and hash; so are texts that differ only in what nobody sees. */
function isShowable(content: unknown): content is string {
  return typeof content === 'string' && !content.includes('\0');
}

function describe(sizeBytes: number | null, sha256: string | null): string {
  return `size: ${sizeBytes ?? 'unknown'} bytes\nsha256: ${sha256 ?? 'unknown'}\n`;
}

/** Where the old file is kept when a backup is asked for. */
export function backupPathOf(path: string, before: RegularFile): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stamp = before.sha256?.slice(0, 8) ?? 'before';
  if (path.startsWith('/etc/kubernetes/manifests/')) return `/etc/kubernetes/hapb-backup/${name}.${stamp}~`;
  return `${path}.${stamp}~`;
}

function pickOwner(wanted: PermissionArgs): PermissionArgs {
  return {
    ...(wanted.owner === undefined ? {} : { owner: wanted.owner }),
    ...(wanted.group === undefined ? {} : { group: wanted.group }),
  };
}
