import type { ShownChange } from '../../core/outcome.ts';
import type { Unknown } from '../../core/unknown.ts';
import { fileKey } from '../asks/file-state.ts';
import type { Overlay } from './overlay.ts';

/** The change with what may come in between: a file that is not there may be a package's that would be installed before. */
export function withBringers(overlay: Overlay, change: ShownChange): ShownChange {
  const edits = change.edits.map((edit) => {
    const isNew = edit.before === null && edit.subject.startsWith('/');
    const bringer = isNew ? overlay.bringerOf(fileKey(edit.subject)) : null;
    return bringer === null ? edit : { ...edit, bringer: bringer.words };
  });
  return { ...change, edits };
}

/**
 * Why it is unknown whether a path is there that a task names itself: a package may bring it before. What only hapb calls so
 * (its files in `/etc/modprobe.d`) no package brings.
 */
export function missingNamed(args: object, missing: ReadonlyMap<string, Unknown>): Unknown | undefined {
  const named = Object.values(args)
    .flat()
    .map((value) => (typeof value === 'string' ? fileKey(value.replace(/(?<=.)\/+$/, '')) : ''));
  return [...missing].find(([key]) => named.includes(key))?.[1];
}
