import type { Output } from '../../core/value.ts';

/** Says the numbers of what is at a path, behind the change in the same round trip. `$2`: a word for stat(1). Ends with 0. */
export const numbersScript = `LC_ALL=C stat $2 -c 'numbers %u %g %s' "$1" 2>/dev/null || :`;

/** What is registered of them: the number of the owner and of the group, and the size; empty where nothing was said. */
export function numbersIn(stdout: string): Output {
  const [, uid, gid, size] = /^numbers (\d+) (\d+) (\d+)$/m.exec(stdout) ?? [];
  return uid === undefined ? {} : { uid: Number(uid), gid: Number(gid), size: Number(size) };
}
