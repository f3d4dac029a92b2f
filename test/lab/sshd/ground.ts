import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** What the login user and root of a ground have as passwords. */
export const passwords = { op: 'open sesame 1', root: 'close sesame 2', key: 'correct horse' } as const;

/** How a ground differs from a plain one. */
export interface Lay {
  /** Lines for sshd_config, before the plain ones: sshd takes the first value of a keyword. */
  readonly sshd?: readonly string[];
  /** sh, run as root before sshd starts; `$home` and `$files` are the login user's home and the folder with the keys. */
  readonly node?: string;
  /** The login shell of `op`. */
  readonly shell?: string;
}

/**
 * A real sshd on loopback in a mount namespace of its own: /etc, /tmp, /run, /dev/shm and the home of its user `op` are not the
 * machine's, so that accounts, sudoers and mounts can be what a test wants.
 */
export interface Ground extends AsyncDisposable {
  readonly port: number;
  /** Keys, certificates, known_hosts and what a test adds. */
  readonly files: string;
  /** The home of `op`, seen from inside. */
  readonly home: string;
  /** What sshd has logged. */
  readonly log: () => string;
}

/** Starts one. @throws Error with what sshd or the script said */
export async function layGround(lay: Lay = {}): Promise<Ground> {
  // Not below /tmp, which is another one inside.
  const files = mkdtempSync('/var/tmp/hapb-sshd-');
  chmodSync(files, 0o755);
  const file = (name: string): string => join(files, name);
  for (const name of ['host', 'user', 'stranger']) keygen(file(name), '-N', '');
  keygen(file('locked'), '-N', passwords.key);
  const authorized = ['user', 'locked'].map((name) => readFileSync(file(`${name}.pub`), 'utf8'));
  writeFileSync(file('authorized_keys'), authorized.join(''));
  mkdirSync(file('controller'));
  const port = await freePort();
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${publicKey(file('host'))}\n`);
  const config = [
    ...(lay.sshd ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'StrictModes no',
    'UsePAM yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PidFile none',
  ];
  writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
  const inside = `set -e
files=$1 shell=$2 home=$1/own/home
mkdir "$files/own" && mount -t tmpfs -o mode=755 none "$files/own"
mkdir "$files/own/etc" && cp -a /etc/. "$files/own/etc" && mount --bind "$files/own/etc" /etc
for own in /tmp /dev/shm; do mount -t tmpfs -o mode=1777 none "$own"; done
mount -t tmpfs -o mode=755 none /run && mkdir /run/sshd
useradd -m -k /dev/null -d "$home" -s "$shell" op
printf 'op:%s\\nroot:%s\\n' '${passwords.op}' '${passwords.root}' | chpasswd
echo 'op ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers; chmod 440 /etc/sudoers
echo 'permit nopass op' > /etc/doas.conf
${lay.node ?? ''}
exec /usr/sbin/sshd -D -e -f "$files/sshd_config"`;
  const args = [
    '-m',
    '--propagation',
    'private',
    'sh',
    '-c',
    inside,
    'ground',
    files,
    lay.shell ?? '/bin/sh',
  ];
  const sshd = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'pipe'] });
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
    files,
    home: join(files, 'own', 'home'),
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => sshd.once('exit', resolve));
      sshd.kill('SIGKILL');
      await gone;
      rmSync(files, { recursive: true, force: true });
    },
  };
}

/** Makes an ed25519 key pair. */
export function keygen(path: string, ...args: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '4', '-f', path, '-C', 'test', ...args]);
}

/** Type and key of a pair, as known_hosts wants them. */
export function publicKey(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
