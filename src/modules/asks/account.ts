import { type Ask, question } from '../ask.ts';

/** Who the task runs as, and what its new files get. */
export interface Identity {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  /** Octal text such as `0022`. */
  readonly umask: string;
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
