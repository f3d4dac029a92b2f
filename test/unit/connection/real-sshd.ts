import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import { fileSpan } from '../../../src/core/source.ts';

const binary = '/usr/sbin/sshd';

/** Why the tests with a real sshd cannot run here; `null` when they can. */
export const whyNoSshd = existsSync(binary) ? null : `${binary} is not installed`;

/** A real sshd on loopback, for the user who runs the tests. */
export interface RealSshd extends AsyncDisposable {
  readonly port: number;
  readonly directory: string;
  readonly knownHosts: string;
  /** Settings that log in with a key and know the host. */
  readonly settings: ConnectionSettings;
}

/** Starts one with `lines` added to its configuration. */
export async function startSshd(lines: readonly string[] = []): Promise<RealSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'hapb-sshd-'));
  const file = (name: string): string => join(directory, name);
  for (const name of ['host_ed25519', 'user_ed25519']) keygen(file(name), ['-t', 'ed25519', '-N', '']);
  writeFileSync(file('authorized_keys'), readFileSync(file('user_ed25519.pub')));
  const port = await freePort();
  const known = readFileSync(file('host_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${known}\n`);
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host_ed25519')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'StrictModes no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'PidFile none',
    ...lines,
  ];
  writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
  if (process.getuid?.() === 0) execFileSync('mkdir', ['-p', '/run/sshd']);
  const sshd = spawn(binary, ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    sshd.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Server listening')) resolve();
    });
    sshd.once('exit', () => reject(new Error(`sshd did not start:\n${log}`)));
  });
  return {
    port,
    directory,
    knownHosts: file('known_hosts'),
    settings: {
      host: 'cp1',
      span: fileSpan('inventory.yml'),
      kind: 'ssh',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      password: null,
      privateKeyFiles: [file('user_ed25519')],
      keyPassphrase: null,
      agentSocket: null,
      knownHostsFiles: [file('known_hosts')],
      hostKeyPolicy: 'strict',
      jumps: [],
      connectTimeoutMs: 5_000,
      become: null,
    },
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => sshd.once('exit', resolve));
      sshd.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes a key pair with ssh-keygen. */
export function keygen(path: string, args: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-f', path, '-C', 'test', ...args]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
