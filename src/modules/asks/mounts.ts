import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly path: string;
  readonly fileSystem: string;
  readonly source: string;
  /** Which folder of its file system is mounted: `/`, or what a bind mount shows. */
  readonly root: string;
  /** Per-mount options, such as `rw`, `ro`, `nosuid`. */
  readonly options: readonly string[];
}

/** What is mounted where, as the user's shell sees it. Key `mounts`. */
export function mounts(): Ask<readonly Mount[]> {
  return question({
    key: 'mounts',
    sh: 'cat /proc/self/mountinfo',
    parse: (reply) => parseMounts(reply.stdout),
  });
}

/**
 * Of these, all that may lie on a single file, as containers do with some: not whole file systems, whose root is a folder. Few
 * bytes, where the whole list can be long. The same key.
 */
export function fileMounts(): Ask<readonly Mount[]> {
  return question({
    key: 'mounts',
    sh: "sed '/^[^ ]* [^ ]* [^ ]* \\/ /d' /proc/self/mountinfo",
    parse: (reply) => parseMounts(reply.stdout),
  });
}

/** The effect "this will be what is mounted". */
export function mountsEffect(mounted: readonly Mount[]): Effect {
  return { key: 'mounts', state: mounted };
}

function parseMounts(text: string): readonly Mount[] {
  const found: Mount[] = [];
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const fields = left.split(' ');
    const [fileSystem, source] = right.split(' ');
    const path = fields[4];
    if (path === undefined || fileSystem === undefined) continue;
    found.push({
      path: plain(path),
      fileSystem,
      source: plain(source ?? ''),
      root: plain(fields[3] ?? '/'),
      options: (fields[5] ?? '').split(','),
    });
  }
  return found;
}

/** The kernel writes space, tab, newline and backslash as octal escapes. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
