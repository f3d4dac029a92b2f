import { error, failure, success } from '../../src/core/diagnostic.ts';
import { fileSpan } from '../../src/core/source.ts';
import type { Disk } from '../../src/playbook/disk.ts';

/** A disk on which nothing lies but one text. */
export function oneFile(path: string, text: string): Disk {
  return {
    read: (asked) =>
      asked === path
        ? success(text)
        : failure([
            error({
              code: 'HAPB1020',
              message: `${asked} does not exist`,
              span: fileSpan(asked),
              hint: 'Check the path.',
            }),
          ]),
    kind: (asked) => (asked === path ? 'file' : 'nothing'),
    list: () => [],
  };
}
