import { expect, it } from 'vitest';
import { permitted } from '../../../../src/modules/asks/file-state.ts';

it('knows no number of an account that comes to own a file', () => {
  const before = { kind: 'directory', mode: '0755', owner: 'root', group: 'root', uid: 0, gid: 0 } as const;
  expect(permitted(before, { mode: '0700', owner: 'root', group: 'root' })).toEqual({
    ...before,
    mode: '0700',
  });
  const { uid: _, ...rest } = before;
  expect(permitted(before, { mode: '0755', owner: 'daemon', group: 'root' })).toEqual({
    ...rest,
    owner: 'daemon',
  });
});
