import { type Ask, question } from '../ask.ts';

/** Whether two paths are one file. */
export function inode(path: string, other: string): Ask<boolean> {
  return question({
    key: `same-file:${path}:${other}`,
    reads: [`file:${path}`, `file:${other}`],
    sh: 'a=$(stat -c %d:%i "$1" 2>/dev/null) && b=$(stat -c %d:%i "$2" 2>/dev/null) && [ "$a" = "$b" ] && echo yes; exit 0',
    args: [path, other],
    parse: (reply) => reply.stdout.trim() === 'yes',
  });
}
