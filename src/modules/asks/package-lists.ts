import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** What the package manager knows of its sources. */
export type PackageLists =
  /** As they lie on the host: read lately, longer ago, or never. */
  | {
      readonly kind: 'as-is';
      readonly age: 'fresh' | 'old' | 'none';
      /** When they were read, in seconds since 1970; 0: never. */
      readonly readAt?: number;
    }
  /** Foreseen: an earlier task reads them anew, so what they offer cannot be known. */
  | { readonly kind: 'to-be-refreshed' };

// The lists themselves bear the time of their server; the folder that of the last time something new came, or hapb's touch.
const script = `
at=0
set -- "$1" /var/lib/apt/lists/*_Packages* /var/lib/apt/lists/*_Release /var/lib/apt/lists/*InRelease
max=$1 found=; shift
for f in "$@"; do [ ! -e "$f" ] || found=yes; done
if [ -z "$found" ]; then echo none 0; exit 0; fi
for t in $(stat -c %Y /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null); do
  [ "$t" -le "$at" ] || at=$t
done
if [ "$max" = 0 ] || [ $(($(date +%s) - at)) -ge "$max" ]; then echo old $at; else echo fresh $at; fi
`;

/** Whether apt's lists were read within so many seconds. Key `package-lists`. */
export function packageLists(validSeconds: number): Ask<PackageLists> {
  return question<PackageLists>({
    key: 'package-lists',
    sh: script,
    args: [String(validSeconds)],
    parse: (reply) => {
      const [word, at] = reply.stdout.trim().split(' ');
      return {
        kind: 'as-is',
        age: word === 'fresh' || word === 'old' ? word : 'none',
        readAt: Number(at) || 0,
      };
    },
  });
}

/** The effect "the lists will be read anew". */
export const packageListsRefreshed: Effect = { key: 'package-lists', state: { kind: 'to-be-refreshed' } };
