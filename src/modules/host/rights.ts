import type { ShellUser } from '../../connection/connection.ts';
import type { Change, Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, all, each, orUnknown } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import { file } from '../asks/file.ts';
import {
  type AbsentFile,
  type Directory,
  type FileState,
  isSameAccount,
  type Link,
} from '../asks/file-state.ts';
import { askForeseen, type Site } from './asking.ts';
import { causedBy } from './cause.ts';

/** What a change leaves at a path. */
interface Touched {
  readonly path: string;
  readonly after: FileState;
}

/** What is there, and what it lies in. */
interface Found {
  readonly now: FileState | Unknown;
  readonly parent: FileState | Unknown;
}

/**
 * Whether the task's user may make, change and remove what a check foresees: a run only finds out when it does. Nothing is asked for
 * root. `null`: it may, as far as can be told. @throws Failure HAPB7010, HAPB6003 where it may not
 */
export async function barred(site: Site, { effects, forecast }: Change): Promise<Unknown | null> {
  const touched = forecast.kind === 'known' && !isRoot(site.user) ? effects.flatMap(touchedBy) : [];
  if (touched.length === 0) return null;
  const who = await askForeseen(site, identity());
  if (who instanceof Unknown || who.uid === 0) return null;
  const made = new Set(touched.filter(({ after }) => after.kind !== 'absent').map(({ path }) => path));
  const open = touched.filter(({ path }) => !made.has(parentOf(path)));
  const found = await askForeseen(site, each(open.map(lookedAt)));
  if (found instanceof Unknown) return null;
  for (const [index, each_] of open.entries()) {
    const why = judge(site, who, { ...each_, ...(found[index] ?? { now: absent, parent: absent }) });
    if (why !== null) return why;
  }
  return null;
}

const absent = { kind: 'absent' } as const;

function isRoot(user: ShellUser): boolean {
  return user.kind === 'become' && isSameAccount(user.user, 'root');
}

function touchedBy({ key, state, host }: Effect): readonly Touched[] {
  const path = /^file:(\/.*[^*])$/s.exec(key)?.[1];
  if (path === undefined || host !== undefined || state instanceof Unknown) return [];
  return [{ path, after: state as FileState }];
}

function lookedAt({ path, after }: Touched): Ask<Found> {
  const content = after.kind === 'file' && after.sha256 !== null ? 'hash' : 'none';
  return all({
    now: orUnknown(file(path, { content, links: 'keep' })),
    parent: orUnknown(folder(path)),
  });
}

function folder(path: string): Ask<FileState> {
  return file(parentOf(path), { content: 'none', links: 'follow' });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function judge(site: Site, who: Identity, { path, after, now, parent }: Touched & Found): Unknown | null {
  if (now instanceof Unknown || parent instanceof Unknown) return null;
  const isThere = now.kind !== 'absent' && now.kind !== 'link' && after.kind === now.kind;
  if (isThere && hasContentOf(now, after)) {
    if (now.mode === after.mode && now.owner === after.owner && now.group === after.group) return null;
    if (isOwn(now, who) && isSameAccount(now.owner, after.owner)) return null;
    throw new Failure({
      code: 'HAPB6003',
      message: `cannot set the permissions of ${path}: it belongs to ${now.owner}, and this user is ${who.user}`,
      hint: 'Add `become: true` to the task.',
    });
  }
  if (parent.kind !== 'directory') return null;
  const may = mayChangeIn(site, who, { path, now, parent });
  if (may === 'yes') return null;
  if (may !== 'no') return may;
  throw new Failure({
    code: after.kind === 'file' ? 'HAPB7010' : 'HAPB6003',
    message: `cannot ${after.kind === 'absent' ? 'remove' : 'make or write'} ${path}: user ${who.user} may not change what is in ${parentOf(path)}`,
    hint: 'Add `become: true` to the task; where it is there, the file system may be read-only.',
  });
}

/** A file that gets another content is put in its place anew. */
function hasContentOf(now: Exclude<FileState, AbsentFile | Link>, after: FileState): boolean {
  return now.kind !== 'file' || after.kind !== 'file' || after.sha256 === null || now.sha256 === after.sha256;
}

function mayChangeIn(
  site: Site,
  who: Identity,
  { path, now, parent }: { readonly path: string; readonly now: FileState; readonly parent: Directory },
): 'yes' | 'no' | Unknown {
  const overlay = site.pool.overlay(site.host);
  const isForeseen = folder(path).queries.some((query) => overlay.answer(query).kind === 'state');
  const may = isForeseen ? byMode(parent, who) : parent.isWritable === false ? 'no' : 'yes';
  if (may === 'open') {
    const maker = overlay.changerOf(parentOf(path));
    const reason = `only a run tells whether ${who.user} is in group ${parent.group}, which may change ${parentOf(path)}`;
    return maker === null ? new Unknown(reason) : causedBy(maker, `${reason} (${maker.words})`);
  }
  const isSticky = (Number.parseInt(parent.mode, 8) & 0o1000) !== 0;
  const isOthers = now.kind !== 'absent' && !isOwn(now, who) && !isOwn(parent, who);
  return may === 'yes' && isSticky && isOthers ? 'no' : may;
}

/** What is foreseen of a folder has no access lists. Which other groups the user is in is not known. */
function byMode(folder_: Directory, who: Identity): 'yes' | 'no' | 'open' {
  const bits = Number.parseInt(folder_.mode, 8);
  const may = (shift: number): 'yes' | 'no' => (((bits >> shift) & 3) === 3 ? 'yes' : 'no');
  if (isOwn(folder_, who)) return may(6);
  if (isAccount(folder_.group, folder_.gid, who.group, who.gid)) return may(3);
  return may(3) === may(0) ? may(0) : 'open';
}

function isOwn(what: { readonly owner: string; readonly uid?: number }, who: Identity): boolean {
  return isAccount(what.owner, what.uid, who.user, who.uid);
}

function isAccount(name: string, id: number | undefined, own: string, ownId: number): boolean {
  return id === undefined ? isSameAccount(name, own) || name === String(ownId) : id === ownId;
}
