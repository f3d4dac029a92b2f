import type { Text } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import { type FileState, type Permissions, type RegularFile, sha1OfFile } from '../asks/file-state.ts';

/** What is registered of a path. Ansible names it `path` or `dest`, by what it is; here both are there. */
export function pathOutput(
  path: string,
  after: FileState,
  from: { readonly now: FileState; readonly who: Identity },
): Output {
  const base = { path, dest: path, state: after.kind === 'other' ? 'file' : after.kind };
  if (after.kind === 'absent') return base;
  const { owner, group } = after;
  if (after.kind === 'link') {
    const size = Buffer.byteLength(after.target);
    const permissions = { mode: '0777', owner, group };
    return { ...base, src: after.target, ...permissions, ...idsOf(permissions, from), size };
  }
  const sizeBytes = after.kind === 'other' ? 0 : (after.sizeBytes ?? null);
  const size = sizeBytes === null ? {} : { size: sizeBytes };
  return { ...base, mode: after.mode, owner, group, ...idsOf(after, from), ...size };
}

/** What is registered of a file that is in place. */
export function putOutput(
  path: string,
  file: RegularFile,
  from: { readonly now: FileState; readonly who: Identity; readonly checksum?: Text | null },
): Output {
  const { mode, owner, group, sizeBytes } = file;
  const size = sizeBytes === null ? {} : { size: sizeBytes };
  const checksum = from.checksum ?? sha1OfFile(file);
  const sum = checksum === null ? {} : { checksum };
  return { dest: path, path, state: 'file', mode, owner, group, ...idsOf(file, from), ...size, ...sum };
}

/** The numbers of owner and group, as far as they are known without asking. */
function idsOf(
  { owner, group }: Permissions,
  { now, who }: { readonly now: FileState; readonly who: Identity },
): Output {
  const before = now.kind === 'absent' || now.kind === 'link' ? null : now;
  const uid = numberOf(owner, { [before?.owner ?? '']: before?.uid, [who.user]: who.uid, root: 0 });
  const gid = numberOf(group, { [before?.group ?? '']: before?.gid, [who.group]: who.gid });
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function numberOf(name: string, known: Readonly<Record<string, number | undefined>>): number | undefined {
  return known[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
}
