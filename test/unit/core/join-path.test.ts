import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinPath } from '../../../src/core/join-path.ts';

const path = fc.array(fc.constantFrom('a', 'b.yml', '.', '..', '...', '.c', '', '/'), { maxLength: 5 });

it('gives what join of node:path gives', () => {
  fc.assert(
    fc.property(path, path, (folder, name) => {
      expect(joinPath(folder.join('/'), name.join('/'))).toBe(join(folder.join('/'), name.join('/')));
    }),
    { numRuns: 2000 },
  );
});
