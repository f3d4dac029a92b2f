import type { Output } from '../../core/value.ts';

/** Says what is at the path `$1`, behind a change of it in the same round trip. `$2`: a word for stat(1). Ends with 0. */
export const lookScript = `LC_ALL=C stat $2 -c 'found %u %g %s %a %U %G' "$1" 2>/dev/null || :`;

/** What is registered of that: whose it is, its permissions and its size; empty where nothing was said. */
export function foundAt(stdout: string): Output {
  const match = /^found (\d+) (\d+) (\d+) ([0-7]+) (\S+) (\S+)$/m.exec(stdout);
  if (match === null) return {};
  const [, uid = '', gid = '', size = '', mode = '', owner = '', group = ''] = match;
  return {
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    mode: mode.padStart(4, '0'),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
  };
}

const ofPath = ['state', 'mode', 'owner', 'group', 'uid', 'gid', 'size'];

/** Of a result what Ansible adds to every one that names a path. */
export function pathInfo(output: Output): Output {
  return Object.fromEntries(Object.entries(output).filter(([key]) => ofPath.includes(key)));
}
