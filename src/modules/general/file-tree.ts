import type { Edit, Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';
import { type FileState, fileEffect } from '../asks/file-state.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { editPermissions } from './file-change.ts';
import { resolveMode } from './mode.ts';

/** One path below a directory. */
export interface TreeEntry {
  readonly path: string;
  readonly state: Exclude<FileState, { kind: 'absent' }>;
}

const script = `
[ -d "$1" ] || exit 0
find "$1" ! -type l ! -path "$1" -exec stat -c '%a %U %G %u %g %s %F|%n' {} +
`;

/** All that lies below a directory, links left out. Key `tree:PATH`. */
export function tree(path: string): Ask<readonly TreeEntry[]> {
  return question({
    key: `tree:${path}`,
    reads: [`file:${path}/*`],
    sh: script,
    args: [path],
    maxOutputBytes: 16_777_216,
    parse: (reply) => reply.stdout.split('\n').flatMap(parseEntry),
  });
}

function parseEntry(line: string): readonly TreeEntry[] {
  const match = /^(\d+) (\S+) (\S+) (\d+) (\d+) (\d+) ([^|]+)\|(.+)$/.exec(line);
  if (match === null) return [];
  const [, mode = '', owner = '', group = '', uid = '', gid = '', size = '', type = '', path = ''] = match;
  const permissions = {
    mode: mode.padStart(4, '0'),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
    uid: Number(uid),
    gid: Number(gid),
  };
  if (type === 'directory') return [{ path, state: { kind: 'directory', ...permissions } }];
  if (!type.startsWith('regular')) return [{ path, state: { kind: 'other', ...permissions } }];
  const unread = { sizeBytes: Number(size), sha256: null, content: null, realPath: path };
  return [{ path, state: { kind: 'file', ...permissions, ...unread } }];
}

/** What the entries of a tree lack of the wanted permissions. */
export function planTree(
  entries: readonly TreeEntry[],
  wanted: PermissionArgs,
): { readonly edits: readonly Edit[]; readonly effects: readonly Effect[] } {
  const edits: Edit[] = [];
  const effects: Effect[] = [];
  for (const { path, state } of entries) {
    if (state.kind === 'link') continue;
    const kind = state.kind === 'directory' ? 'directory' : 'file';
    const after = {
      ...state,
      mode: wanted.mode === undefined ? state.mode : resolveMode(wanted.mode, { now: state.mode, kind }),
      owner: wanted.owner === undefined || wanted.owner === String(state.uid) ? state.owner : wanted.owner,
      group: wanted.group === undefined || wanted.group === String(state.gid) ? state.group : wanted.group,
    };
    const edit = editPermissions(path, state, after);
    if (edit === null) continue;
    edits.push(edit);
    effects.push(fileEffect(path, after));
  }
  return { edits, effects };
}
