import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identity } from '../../../../src/modules/asks/account.ts';
import { commandExists } from '../../../../src/modules/asks/command-exists.ts';
import { file } from '../../../../src/modules/asks/file.ts';
import { kernelModule } from '../../../../src/modules/asks/kernel-module.ts';
import { fileMounts, mounts } from '../../../../src/modules/asks/mounts.ts';
import { resolves } from '../../../../src/modules/asks/resolves.ts';
import { swaps } from '../../../../src/modules/asks/swaps.ts';
import { sysctl, sysctlPath } from '../../../../src/modules/asks/sysctl.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

const hash = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

describe.each(shells)('asks answered by %s', (shell) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(shell);
  });
  afterEach(() => host.dispose());
  const put = (name: string, content: string | Uint8Array): string => {
    const path = join(host.directory, name);
    writeFileSync(path, content);
    chmodSync(path, 0o640);
    return path;
  };

  it('finds nothing where nothing is, nor below a file', async () => {
    const path = put('plain', 'x');
    expect(await host.ask(file('/nonexistent/file', { content: 'text' }))).toEqual({ kind: 'absent' });
    expect(await host.ask(file(`${path}/below`, { content: 'text' }))).toEqual({ kind: 'absent' });
  });

  it('reads a text without a final newline, with its mode and hash', async () => {
    const path = put("odd name '$x'", 'hello world');
    const state = await host.ask(file(path, { content: 'text' }));
    expect(state).toMatchObject({
      kind: 'file',
      mode: '0640',
      sizeBytes: 11,
      sha256: hash,
      content: 'hello world',
    });
  });

  it('brings bytes that are not UTF-8 through', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    const state = await host.ask(file(put('bytes', bytes), { content: 'text' }));
    expect(state.kind === 'file' ? state.content : null).toEqual(bytes);
  });

  it('leaves the content out when it has the hash already, is too long, or was not wanted', async () => {
    const path = put('text', 'hello world');
    const same = await host.ask(file(path, { content: 'text', unlessSha256: hash }));
    expect(same).toMatchObject({ sha256: hash, content: null });
    const long = await host.ask(file(path, { content: 'text', maxContentBytes: 10 }));
    expect(long).toMatchObject({ sha256: hash, content: null });
    const hashed = await host.ask(file(path, { content: 'hash' }));
    expect(hashed).toMatchObject({ sha256: hash, content: null });
    const bare = await host.ask(file(path, { content: 'none' }));
    expect(bare).toMatchObject({ sha256: null, content: null, mode: '0640' });
  });

  it('tells links, also dangling ones, from what they lead to', async () => {
    const path = put('target', 'hello world');
    const link = join(host.directory, 'link');
    const dangling = join(host.directory, 'dangling');
    symlinkSync('target', link);
    symlinkSync('no where', dangling);
    expect(await host.ask(file(link, { content: 'text' }))).toMatchObject({ kind: 'link', target: 'target' });
    expect(await host.ask(file(dangling, { content: 'none' }))).toMatchObject({
      kind: 'link',
      target: 'no where',
    });
    const followed = await host.ask(file(link, { content: 'text', links: 'follow' }));
    expect(followed).toMatchObject({ kind: 'file', content: 'hello world', realPath: path });
  });

  it('describes directories and devices', async () => {
    const path = join(host.directory, 'sub');
    mkdirSync(path);
    chmodSync(path, 0o1777);
    expect(await host.ask(file(path, { content: 'none' }))).toMatchObject({
      kind: 'directory',
      mode: '1777',
    });
    expect(await host.ask(file('/dev/null', { content: 'text' }))).toMatchObject({
      kind: 'other',
      mode: '0666',
    });
  });

  it('reads kernel settings by either notation and says which are not there', async () => {
    expect(await host.ask(sysctl('kernel.ostype'))).toEqual({ kind: 'value', value: 'Linux' });
    expect(await host.ask(sysctl('kernel/ostype'))).toEqual({ kind: 'value', value: 'Linux' });
    expect(await host.ask(sysctl('kernel.no_such'))).toEqual({ kind: 'absent' });
  });

  it('knows that a made-up kernel module is absent and a registered file system is there', async () => {
    expect(await host.ask(kernelModule('no-such-module'))).toEqual({ presence: 'absent' });
    expect((await host.ask(kernelModule('proc'))).presence).not.toBe('absent');
  });

  it('lists what may be mounted on a file: all but whole file systems', async () => {
    const all = await host.ask(mounts());
    expect(await host.ask(fileMounts())).toEqual(all.filter(({ root }) => root !== '/'));
  });

  it('lists mounts, and swaps without failing where there are none', async () => {
    const proc = (await host.ask(mounts())).find((mount) => mount.path === '/proc');
    expect(proc).toMatchObject({ fileSystem: 'proc' });
    expect(Array.isArray(await host.ask(swaps()))).toBe(true);
  });

  it('finds programs and says who it is', async () => {
    expect(await host.ask(commandExists('cat'))).toMatch(/\/cat$/);
    expect(await host.ask(commandExists('no-such-program'))).toBeNull();
    expect(await host.ask(identity())).toMatchObject({ uid: process.getuid?.(), umask: '0022' });
  });

  it('resolves names, or says that it cannot', async () => {
    const found = await host.ask(resolves('localhost'));
    if (found.kind === 'addresses') expect([...found.ipv4, ...found.ipv6]).not.toEqual([]);
    else expect(shell).toBe('busybox');
  });
});

describe('what a foreseen state answers', () => {
  const query = (content: 'none' | 'text' | 'hash') => file('/x', { content }).queries[0];
  const rights = { mode: '0644', owner: 'root', group: 'root' };

  it('answers only questions that it holds enough for', () => {
    const partial = { kind: 'file', ...rights, sizeBytes: 1, sha256: null, content: null, realPath: '/x' };
    expect(query('none')?.covers?.(partial)).toBe(true);
    expect(query('hash')?.covers?.(partial)).toBe(false);
    expect(query('text')?.covers?.({ kind: 'absent' })).toBe(true);
  });

  it('takes dots and slashes in names of settings as sysctl.d does', () => {
    expect(sysctlPath('net.ipv4.ip_forward')).toBe('net/ipv4/ip_forward');
    expect(sysctlPath('net.ipv4.conf.eth0/100.forwarding')).toBe('net/ipv4/conf/eth0.100/forwarding');
    expect(sysctlPath('net/ipv4/conf/eth0.100/forwarding')).toBe('net/ipv4/conf/eth0.100/forwarding');
  });
});

it.each([
  [
    'uid=1000(op) gid=1234(Admins (IT)) groups=1234(Admins (IT)),5(x y)',
    { user: 'op', uid: 1000, group: 'Admins (IT)', gid: 1234 },
  ],
  ['uid=1000 gid=77 groups=77', { user: '1000', uid: 1000, group: '77', gid: 77 }],
  [
    'uid=1000(op) gid=5(a) euid=0(root) egid=6(b c) groups=6(b c) context=u:r:t:s0',
    { user: 'root', uid: 0, group: 'b c', gid: 6 },
  ],
])('who a task runs as is read from %j', (words, who) => {
  const reply = { exitCode: 0, stdout: `${words}\n0027\n`, stderr: '', droppedBytes: 0 };
  expect(identity().queries[0]?.parse(reply)).toEqual({ ...who, umask: '0027' });
});
