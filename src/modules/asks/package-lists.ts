import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** What the package manager knows of its sources. */
export type PackageLists =
  /** As they lie on the host: read lately, longer ago, or never. */
  | { readonly kind: 'as-is'; readonly age: 'fresh' | 'old' | 'none' }
  /** Foreseen: an earlier task reads them anew, so what they offer cannot be known. */
  | { readonly kind: 'to-be-refreshed' };

const script = `
newest=$(ls -t /var/lib/apt/lists/*_Packages* /var/lib/apt/lists/*_Release /var/lib/apt/lists/*InRelease 2>/dev/null | head -n 1)
if [ -z "$newest" ]; then echo none
elif [ $(($(date +%s) - $(stat -c %Y "$newest"))) -gt "$1" ]; then echo old
else echo fresh; fi
`;

/** Whether apt's lists were read within so many seconds. Key `package-lists`. */
export function packageLists(validSeconds: number): Ask<PackageLists> {
  return question<PackageLists>({
    key: 'package-lists',
    sh: script,
    args: [String(validSeconds)],
    parse: (reply) => {
      const word = reply.stdout.trim();
      return { kind: 'as-is', age: word === 'fresh' || word === 'old' ? word : 'none' };
    },
  });
}

/** The effect "the lists will be read anew". */
export const packageListsRefreshed: Effect = { key: 'package-lists', state: { kind: 'to-be-refreshed' } };
