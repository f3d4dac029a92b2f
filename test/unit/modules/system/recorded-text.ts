import { sha256Of } from '../../../../src/core/text-measure.ts';
import type { TextFile } from '../../../../src/modules/general/text-file.ts';

const who = { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' };

/** A text file of the host; `null`: there is none. */
export function recordedText(path: string, content: string | null): TextFile {
  const permissions = { mode: '0644', owner: 'root', group: 'root' };
  return {
    file:
      content === null
        ? { kind: 'absent' }
        : {
            kind: 'file',
            ...permissions,
            sizeBytes: content.length,
            sha256: sha256Of(content),
            content,
            realPath: path,
          },
    mounts: [],
    who,
  };
}
