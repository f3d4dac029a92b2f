import type { Effect } from '../../core/change.ts';
import type { Text } from '../../core/secret.ts';
import { type Ask, question } from '../ask.ts';
import { entryFunction } from './group.ts';

/** An account of the host. `null`: not foreseen. */
export interface PresentUser {
  readonly kind: 'present';
  readonly uid: number | null;
  readonly gid: number | null;
  /** Name of the primary group. */
  readonly group: string | null;
  /** Names of the other groups that it is in, sorted. */
  readonly groups: readonly string[] | null;
  readonly comment: string;
  readonly home: string;
  /** Whether there is anything at `home`. */
  readonly homeExists: boolean;
  readonly shell: string;
  /** `null`: only root may read it, or not foreseen. */
  readonly shadow: Shadow | null;
}

/** What shadow(5) holds of an account; -1 where a field is empty. Days. */
export interface Shadow {
  /** The hash, with `!` in front when it is locked; `null`: not foreseen. */
  readonly password: Text | null;
  readonly minDays: number;
  readonly maxDays: number;
  readonly warnDays: number;
  readonly inactiveDays: number;
  /** Day since 1970 from which on nobody can log in. */
  readonly expireDay: number;
}

/** An account, or that there is none. */
export type UserState = { readonly kind: 'absent' } | PresentUser;

const script = `
u=$1
${entryFunction}
found=$(entry passwd "$u") || :
case $found in "$u":*) ;; *) echo absent; exit 0 ;; esac
printf '%s\\n' "$found"
id -gn "$u"
id -Gn "$u"
home=\${found%:*}; home=\${home##*:}
if [ -e "$home" ]; then echo home; else echo no-home; fi
[ -r /etc/shadow ] || exit 0
while IFS= read -r line; do
  case $line in "$u":*) printf '%s\\n' "$line"; break ;; esac
done </etc/shadow
exit 0
`;

/** An account by its name. Key `user:NAME`. */
export function userOf(name: string): Ask<UserState> {
  return question({
    key: userKey(name),
    sh: script,
    args: [name],
    parse: (reply) => parseUser(reply.stdout),
  });
}

/** Who has a number; `null`: nobody. Key `uid:NUMBER`. */
export function uidOwner(uid: number): Ask<string | null> {
  return question({
    key: `uid:${uid}`,
    sh: `${entryFunction}\nentry passwd "$1"; exit 0`,
    args: [String(uid)],
    parse: (reply) => reply.stdout.split(':')[0]?.trim() || null,
  });
}

/** A process of the user with this number; `null`: there is none. Key `process-of:NUMBER`. */
export function processOf(uid: number): Ask<string | null> {
  return question({
    key: `process-of:${uid}`,
    sh: 'grep -l -s "^Uid:.*[[:blank:]]$1[[:blank:]]" /proc/[0-9]*/status; exit 0',
    args: [String(uid)],
    parse: (reply) => /^\/proc\/(\d+)\//.exec(reply.stdout)?.[1] ?? null,
  });
}

/** The files that tools for accounts write: what stands in them is not foreseen. */
export const accountFiles: readonly string[] = [
  '/etc/passwd',
  '/etc/shadow',
  '/etc/group',
  '/etc/gshadow',
  '/etc/subuid',
  '/etc/subgid',
];

/** The name of an account in the vocabulary of asks and effects. */
export function userKey(name: string): string {
  return `user:${name}`;
}

/** The effect "this account will be so". */
export function userEffect(name: string, state: UserState): Effect {
  return { key: userKey(name), state };
}

/** The effect "this account will have this number", or, with `null`, "nobody will". */
export function uidEffect(uid: number, name: string | null): Effect {
  return { key: `uid:${uid}`, state: name };
}

function parseUser(text: string): UserState {
  const [entry = '', primary = '', all = '', home = '', shadow = ''] = text.split('\n');
  if (entry === 'absent') return { kind: 'absent' };
  const [, , uid = '', gid = '', comment = '', path = '', shell = ''] = entry.split(':');
  return {
    kind: 'present',
    uid: Number(uid),
    gid: Number(gid),
    group: primary,
    groups: all
      .split(' ')
      .filter((group) => group !== '' && group !== primary)
      .sort(),
    comment,
    home: path,
    homeExists: home === 'home',
    shell,
    shadow: shadow === '' ? null : parseShadow(shadow),
  };
}

function parseShadow(line: string): Shadow {
  const [, password = '', , min = '', max = '', warn = '', inactive = '', expire = ''] = line.split(':');
  const days = (field: string): number => (field === '' ? -1 : Number(field));
  return {
    password,
    minDays: days(min),
    maxDays: days(max),
    warnDays: days(warn),
    inactiveDays: days(inactive),
    expireDay: days(expire),
  };
}
