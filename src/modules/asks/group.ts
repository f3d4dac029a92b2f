import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** A group of users. */
export type GroupState =
  | { readonly kind: 'absent' }
  /** `gid: null`: not foreseen. */
  | { readonly kind: 'present'; readonly name: string; readonly gid: number | null };

/**
 * A shell function `entry DATABASE NAME`: the line of /etc/passwd or /etc/group for a name (or number), by way of
 * nsswitch where the host has getent.
 */
export const entryFunction = `entry() {
  if command -v getent >/dev/null; then getent "$1" "$2"; return; fi
  while IFS= read -r line; do
    rest=\${line#*:}; rest=\${rest#*:}
    if [ "\${line%%:*}" = "$2" ] || [ "\${rest%%:*}" = "$2" ]; then printf '%s\\n' "$line"; return; fi
  done <"/etc/$1"
}`;

/** A group by its name or number. Key `group:NAME`. */
export function groupOf(name: string): Ask<GroupState> {
  return question<GroupState>({
    key: groupKey(name),
    sh: `${entryFunction}\nentry group "$1"; exit 0`,
    args: [name],
    parse: (reply) => {
      const [found = '', , gid = ''] = reply.stdout.trim().split(':');
      return found === '' ? { kind: 'absent' } : { kind: 'present', name: found, gid: Number(gid) };
    },
  });
}

/** Who is in a group. */
export interface GroupUsers {
  /** Whose own group it is. */
  readonly primary: readonly string[];
  readonly members: readonly string[];
}

/** Who is in a group. Key `group-users:NAME`. */
export function usersOfGroup(name: string): Ask<GroupUsers> {
  return question({
    key: `group-users:${name}`,
    reads: ['user:*'],
    sh: `${entryFunction}
found=$(entry group "$1") || exit 0
echo "\${found##*:}"
gid=\${found#*:}; gid=\${gid#*:}; gid=\${gid%%:*}
{ if command -v getent >/dev/null; then getent passwd; else cat /etc/passwd; fi; } |
while IFS=: read -r user _ _ own _; do [ "$own" != "$gid" ] || echo "$user"; done`,
    args: [name],
    parse: (reply) => {
      const [members = '', ...primary] = reply.stdout.trimEnd().split('\n');
      return { primary, members: members.split(',').filter((user) => user !== '') };
    },
  });
}

/** The name of a group in the vocabulary of asks and effects. */
export function groupKey(name: string): string {
  return `group:${name}`;
}

/** The effect "this group will be so". */
export function groupEffect(name: string, state: GroupState): Effect {
  return { key: groupKey(name), state };
}
