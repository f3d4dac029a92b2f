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

/** The task's own user, who stays the same as long as its shell lives. Key `identity`. */
export function identity(): Ask<Identity> {
  return question({
    key: 'identity',
    holds: 'connection',
    sh: 'LC_ALL=C id; umask',
    parse: (reply) => {
      const [words = '', umask = '0022'] = reply.stdout.split('\n');
      const [user, group] = [account(words, 'uid'), account(words, 'gid')];
      return {
        user: user.name,
        group: group.name,
        uid: user.id,
        gid: group.id,
        umask: umask.padStart(4, '0'),
      };
    },
  });
}

/**
 * `uid=0(root)` of what id prints (POSIX); of a program with other rights than its caller's `euid=` counts. Names of a directory
 * service may hold brackets and blanks; what has no name is its number.
 */
function account(words: string, kind: 'uid' | 'gid'): { readonly id: number; readonly name: string } {
  const [, id = '', name = id] = entry(words, `e${kind}`) ?? entry(words, kind) ?? [];
  return { id: Number(id), name };
}

function entry(words: string, name: string): readonly (string | undefined)[] | null {
  return new RegExp(`(?:^| )${name}=(\\d+)(?:\\((.*?)\\))?(?= [a-z]+=|$)`).exec(words);
}
