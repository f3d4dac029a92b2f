import { sha256Of } from '../../core/text-measure.ts';
import { type Ask, question } from '../ask.ts';
import { groupKey } from '../asks/group.ts';
import { userKey } from '../asks/user.ts';
import { kindOf } from './permission-flags.ts';

/** What is where a member of an archive goes. */
export interface PresentMember {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly uid: string;
  readonly gid: string;
  readonly sizeBytes: number;
  readonly mtime: number;
  /** Of a link. */
  readonly target: string | null;
  /** A folder that holds something where the archive has none. */
  readonly inTheWay?: true;
}

// Names come as words of the script, which have no length limit, and go to stat in portions.
const script = `
LC_ALL=C; export LC_ALL
cd "$1" 2>/dev/null || exit 0
leaves=$2
shift 2
mark=$(printf '\\001')
printf '%s\\000' "$@" | xargs -0 stat -c "$mark%f %u %g %U %G %s %Y %n" 2>/dev/null
for f do if [ -L "$f" ]; then printf '\\002%s\\001%s\\n' "$f" "$(readlink "$f")"; fi; done
for f do
  [ "$leaves" -gt 0 ] || break
  leaves=$((leaves - 1))
  if [ -d "$f" ] && [ ! -L "$f" ] && [ -n "$(ls -A "$f")" ]; then printf '\\003%s\\n' "$f"; fi
done
exit 0
`;

/** Names below a folder: of what is no folder in an archive, and of its folders. */
export interface MemberNames {
  readonly leaves: readonly string[];
  readonly folders: readonly string[];
}

/** What is at some paths below a folder, by path; what is not there is not in it. Key `members:FOLDER:…`. */
export function memberStates(
  folder: string,
  { leaves, folders }: MemberNames,
): Ask<ReadonlyMap<string, PresentMember>> {
  const names = [...leaves, ...folders];
  return question({
    key: `members:${folder}:${leaves.length}:${sha256Of(names.join('\n'))}`,
    // Not the folder itself: where it is only foreseen, nothing is in it but what was foreseen below it.
    reads: readsOf(folder.replace(/\/+$/, ''), names),
    sh: script,
    args: [folder, String(leaves.length), ...names.map((name) => `./${name}`)],
    maxOutputBytes: 33_554_432,
    parse: (reply) => {
      const [listing = '', ...full] = reply.stdout.split('\u0003');
      const inTheWay = new Set(full.map((name) => name.replace(/\n$/, '')));
      return new Map(
        [...statesIn(listing)].map(([name, state]) => [
          name.slice(2),
          inTheWay.has(name) ? { ...state, inTheWay: true } : state,
        ]),
      );
    },
  });
}

/** Above this many members a change of anything in the folder counts. */
const maxNamed = 1000;

function readsOf(folder: string, names: readonly string[]): readonly string[] {
  if (names.length > maxNamed) return [`file:${folder}/*`];
  return names.map((name) => `file:${folder}/${name.replace(/\/+$/, '')}`);
}

/** What such scripts print: a record of stat behind \u0001 for each path, then behind \u0002 each link's path and target. */
export function statesIn(stdout: string): ReadonlyMap<string, PresentMember> {
  const [stats = '', ...links] = stdout.split('\u0002');
  const targets = new Map(
    links.map((link) => {
      const at = link.indexOf('\u0001');
      return [link.slice(0, at), link.slice(at + 1).replace(/\n$/, '')] as const;
    }),
  );
  const found = new Map<string, PresentMember>();
  for (const record of stats.split('\u0001')) {
    const match = /^([0-9a-f]+) (\d+) (\d+) (\S+) (\S+) (\d+) (\d+) ([\s\S]+)$/.exec(
      record.replace(/\n$/, ''),
    );
    if (match === null) continue;
    const [, raw = '', uid = '', gid = '', user = '', group = '', size = '', mtime = '', name = ''] = match;
    const rawMode = Number.parseInt(raw, 16);
    const kinds = { reg: 'file', dir: 'directory', lnk: 'link' } as const;
    const kind = kindOf(rawMode);
    found.set(name, {
      kind: kind === 'reg' || kind === 'dir' || kind === 'lnk' ? kinds[kind] : 'other',
      mode: (rawMode & 0o7777).toString(8).padStart(4, '0'),
      owner: user === 'UNKNOWN' ? uid : user,
      group: group === 'UNKNOWN' ? gid : group,
      uid,
      gid,
      sizeBytes: Number(size),
      mtime: Number(mtime),
      target: targets.get(name) ?? null,
    });
  }
  return found;
}

/** Which of some user and group names the host knows. Key `names:…`. */
export function knownNames(
  users: readonly string[],
  groups: readonly string[],
): Ask<{ readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> }> {
  return question({
    key: `names:${users.join(',')}:${groups.join(',')}`,
    reads: [...users.map(userKey), ...groups.map(groupKey)],
    sh: `
n=$1; shift
while [ "$n" -gt 0 ]; do ! id -u "$1" >/dev/null 2>&1 || printf 'user %s\\n' "$1"; shift; n=$((n - 1)); done
for g do if getent group "$g" >/dev/null 2>&1 || grep -q "^$g:" /etc/group; then printf 'group %s\\n' "$g"; fi; done
exit 0`,
    args: [String(users.length), ...users, ...groups],
    parse: (reply) => {
      const lines = reply.stdout.split('\n');
      const of = (kind: string): ReadonlySet<string> =>
        new Set(lines.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length)));
      return { users: of('user '), groups: of('group ') };
    },
  });
}
