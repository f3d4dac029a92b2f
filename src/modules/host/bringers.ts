import type { ShownChange } from '../../core/outcome.ts';
import { fileKey } from '../asks/file-state.ts';
import type { Overlay } from './overlay.ts';

/** The change with what may come in between: a file that is not there may be a package's that would be installed before. */
export function withBringers(overlay: Overlay, change: ShownChange): ShownChange {
  const edits = change.edits.map((edit) => {
    const isNew = edit.before === null && edit.subject.startsWith('/');
    const bringer = isNew ? overlay.bringerOf(fileKey(edit.subject)) : null;
    return bringer === null ? edit : { ...edit, bringer };
  });
  return { ...change, edits };
}
