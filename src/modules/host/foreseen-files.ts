import { Unknown, Unresolved } from '../../core/unknown.ts';
import type { Files } from '../../expression/scope.ts';
import { causedBy } from './cause.ts';
import type { HostPool } from './pool.ts';

/** Files of this machine as lookups of a check read them: what a task before would change there is unknown. */
export function foreseenFiles(files: Files, pool: HostPool): Files {
  const doubtOf = (path: string): Unknown | null => {
    for (const overlay of pool.overlaysHere()) {
      const cause = overlay.changerOf(path);
      if (cause !== null) return causedBy(cause, `${path} is changed by ${cause.words}`);
    }
    return null;
  };
  return {
    ...files,
    doubtOf,
    read: (path) => {
      // The kernel says something else each time.
      if (path.startsWith('/proc/')) throw new Unresolved(new Unknown(`${path} changes by itself`));
      return files.read(path);
    },
    settled: (path) => {
      const doubt = doubtOf(path);
      if (doubt !== null) throw new Unresolved(doubt);
    },
  };
}
