import { expect, it } from 'vitest';
import { planPut } from '../../../../src/modules/general/copy-plan.ts';

const root = { mode: '0755', owner: 'root', group: 'root' } as const;
const who = { user: 'nobody', group: 'nogroup', umask: '022', uid: 65534, gid: 65534 } as const;
const file = {
  kind: 'file',
  ...root,
  sizeBytes: 1,
  sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  content: 'x',
  realPath: '/d/f',
} as const;

it('puts nothing into a folder that the user may not write to, and leaves alone what is right', () => {
  const parent = { path: '/d', state: { kind: 'directory', ...root, isWritable: false } } as const;
  const put = (content: string, now: typeof file | { readonly kind: 'absent' }) => () =>
    planPut({ dest: '/d/f' }, content, { path: '/d/f', now, parent, who });
  expect(put('x', { kind: 'absent' })).toThrow('cannot write /d/f: this user may put nothing into /d');
  expect(put('y', file)).toThrow('this user may put nothing into /d');
  expect(put('x', file)()).toBeNull();
});
