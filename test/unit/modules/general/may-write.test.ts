import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { reveal } from '../../../../src/core/reveal.ts';
import { file as fileAsk } from '../../../../src/modules/asks/file.ts';
import { planPut } from '../../../../src/modules/general/copy-plan.ts';
import { shells } from './local-host.ts';

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

const setpriv = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
const mayAll = ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
const canSet = spawnSync('setpriv', [...setpriv, ...mayAll, 'true']).status === 0;

it.runIf(canSet).each(shells)('a folder is told to be closed only where %s knows that it is', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-closed-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o555);
  const [query] = fileAsk(folder, { content: 'none' }).queries;
  const told = (more: readonly string[]): boolean => {
    const words = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
    const args = (query?.args ?? []).map((arg) => reveal(arg));
    const asked = [...setpriv, ...more, ...words, '-c', query?.sh ?? '', 'sh', ...args];
    const { stdout } = spawnSync('setpriv', asked, { encoding: 'utf8' });
    expect(stdout).toMatch(/^directory 555 /);
    return / r -\n$/.test(stdout);
  };
  expect(told(mayAll)).toBe(false);
  expect(told([])).toBe(shell !== 'busybox');
});
