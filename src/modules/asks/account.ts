import { type Ask, question } from '../ask.ts';

/** A line of the user database. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** Who the task runs as, and what its new files get. */
export interface Identity {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  /** Octal text such as `0022`. */
  readonly umask: string;
}

const lookUp = `
if command -v getent >/dev/null; then getent "$1" "$2" || :; else grep "^$2:" "/etc/$1" || :; fi
`;

/** A user by name; `null`: there is none. Key `user:NAME`. */
export function account(name: string): Ask<Account | null> {
  return question({
    key: `user:${name}`,
    reads: ['package:*'],
    sh: lookUp,
    args: ['passwd', name],
    parse: (reply) => {
      const [found, , uid, gid, , home = '', shell = ''] = reply.stdout.trim().split(':');
      if (found === undefined || uid === undefined) return null;
      return { name: found, uid: Number(uid), gid: Number(gid), home, shell };
    },
  });
}

/** A group's number by name; `null`: there is no such group. Key `group:NAME`. */
export function groupId(name: string): Ask<number | null> {
  return question({
    key: `group:${name}`,
    reads: ['package:*'],
    sh: lookUp,
    args: ['group', name],
    parse: (reply) => {
      const gid = reply.stdout.trim().split(':')[2];
      return gid === undefined ? null : Number(gid);
    },
  });
}

/** The task's own user. Key `identity`. */
export function identity(): Ask<Identity> {
  return question({
    key: 'identity',
    sh: 'id -un; id -gn; id -u; id -g; umask',
    parse: (reply) => {
      const [user = '', group = '', uid = '', gid = '', umask = '0022'] = reply.stdout.split('\n');
      return { user, group, uid: Number(uid), gid: Number(gid), umask: umask.padStart(4, '0') };
    },
  });
}
