import type { Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, all, map } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import { type FileQuestion, file } from '../asks/file.ts';
import { type FileState, fileEffect } from '../asks/file-state.ts';
import { withoutUmask } from './file-change.ts';
import { resolveMode } from './mode.ts';

/** Where a file is to go, and what is there. */
export interface Destination {
  readonly path: string;
  readonly now: FileState;
  readonly parent: { readonly path: string; readonly state: FileState };
  readonly who: Identity;
}

/** What a destination holds. With a `name`, a directory at `dest` (or a slash at its end) means the file of that name in it. */
export function destination(
  dest: string,
  how: FileQuestion & { readonly name: string | null },
): Ask<Destination> {
  const { name, ...fileQuestion } = how;
  const base = dest.length > 1 ? dest.replace(/\/+$/, '') : dest;
  const inside = name === null ? null : `${base}/${name}`;
  if (inside !== null && dest.endsWith('/')) return plain(inside, fileQuestion);
  if (inside === null) return plain(base, fileQuestion);
  return map(
    all({
      outer: plain(base, fileQuestion),
      followed: file(base, { content: 'none', links: 'follow' }),
      inner: plain(inside, { ...fileQuestion, folder: base }),
    }),
    ({ outer, followed, inner }) => (followed.kind === 'directory' ? inner : outer),
  );
}

function plain(path: string, question: FileQuestion): Ask<Destination> {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  return map(
    all({
      now: file(path, { links: 'replace', ...question }),
      parent: file(parent, { content: 'none', links: 'follow' }),
      who: identity(),
    }),
    ({ now, parent: state, who }) => ({ path, now, parent: { path: parent, state }, who }),
  );
}

/** @throws Failure HAPB7010 where the user may put nothing into the folder */
export function mayWrite({ path, parent }: Destination): void {
  if (parent.state.kind !== 'directory' || parent.state.isWritable !== false) return;
  throw new Failure({
    code: 'HAPB7010',
    message: `cannot write ${path}: this user may put nothing into ${parent.path}`,
    hint: 'Add `become: true` to the task; where it is there, the file system may be read-only.',
    argument: 'dest',
  });
}

/** What cannot give way to a file, in words; `null`: it can. */
function wordFor(now: FileState): string | null {
  if (now.kind === 'other') return 'device, pipe or socket';
  if (now.kind === 'directory') return now.kind;
  return now.kind === 'link' && now.leadsTo === 'directory' ? 'link to a directory' : null;
}

/** What must be made before the file: its folder, where the playbook allows it. `null`: nothing. @throws Failure HAPB6023, HAPB6032 */
export function planFolder(to: Destination, directoryMode: string | undefined): Effect | null {
  const { parent, now, who } = to;
  const inTheWay = wordFor(now);
  if (inTheWay !== null) {
    throw new Failure({
      code: 'HAPB6032',
      message: `${to.path} is a ${inTheWay}, so no file can be put there`,
      hint: 'Give the path of a file in `dest`, or remove what is there first.',
      argument: 'dest',
    });
  }
  if (parent.state.kind === 'directory') return null;
  if (parent.state.kind === 'absent' && directoryMode !== undefined) {
    const mode = resolveMode(directoryMode, { now: withoutUmask(0o777, who), kind: 'directory' });
    return fileEffect(parent.path, { kind: 'directory', mode, owner: who.user, group: who.group });
  }
  throw new Failure({
    code: 'HAPB6023',
    message:
      parent.state.kind === 'absent'
        ? `the folder ${parent.path} does not exist`
        : `${parent.path} is not a folder, so nothing can be put into it`,
    hint: 'Make it before with `file: {path: …, state: directory}`, or give `directory_mode` to have it made.',
    argument: 'dest',
  });
}
