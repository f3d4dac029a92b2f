import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openConnection } from '../../../src/connection/open.ts';
import { loadPrivateKey } from '../../../src/connection/private-keys.ts';
import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import { Secret } from '../../../src/core/secret.ts';
import { keygen, type RealSshd, startSshd, whyNoSshd } from './real-sshd.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;
const passphrase = new Secret('correct horse', 'key passphrase');

describe.runIf(whyNoSshd === null)('logging in', () => {
  let sshd: RealSshd;
  const file = (name: string): string => join(sshd.directory, name);
  const newKey = (name: string, args: readonly string[]): string => {
    keygen(file(name), args);
    appendFileSync(file('authorized_keys'), readFileSync(`${file(name)}.pub`));
    return file(name);
  };
  beforeAll(async () => {
    sshd = await startSshd();
    keygen(file('stranger'), ['-t', 'ed25519', '-N', '']);
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
  });
  const connect = async (changes: Partial<ConnectionSettings>): Promise<string> => {
    await using connection = openConnection({ ...sshd.settings, ...changes });
    return (await connection.run(login, { script: 'echo in' })).stdout;
  };
  const fails = async (changes: Partial<ConnectionSettings>): Promise<string> =>
    (await shownError(connect(changes)))
      .replaceAll(String(sshd.port), 'PORT')
      .replaceAll(sshd.directory, 'DIR');

  it.each([
    ['rsa', ['-t', 'rsa', '-b', '2048', '-N', '']],
    ['ecdsa', ['-t', 'ecdsa', '-N', '']],
    ['encrypted', ['-t', 'ed25519', '-N', 'correct horse', '-a', '2']],
    ['pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'correct horse']],
    ['pkcs8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8', '-N', 'correct horse']],
    ['pkcs8-ecdsa', ['-t', 'ecdsa', '-m', 'PKCS8', '-N', '']],
  ])('works with a key of the kind %s', async (name, args) => {
    expect(await connect({ privateKeyFiles: [newKey(name, args)], keyPassphrase: passphrase })).toBe('in\n');
  });

  it('does not let the host prove keys that nobody asks about', async () => {
    const emitted = vi.spyOn(ssh2.Client.prototype, 'emit');
    onTestFinished(() => emitted.mockRestore());
    await using connection = openConnection(sshd.settings);
    for (const script of [':', 'sleep 0.1', ':']) await connection.run(login, { script });
    expect(emitted.mock.calls.map(([name]) => name)).toContain('ready');
    expect(emitted.mock.calls.map(([name]) => name)).not.toContain('hostkeys');
  });

  it('tries the keys in order until one is taken', async () => {
    expect(await connect({ privateKeyFiles: [file('stranger'), file('user_ed25519')] })).toBe('in\n');
  });

  it('says which keys were tried and what the host takes', async () => {
    expect(await fails({ privateKeyFiles: [file('stranger')] })).toMatchInlineSnapshot(`
      "auth HAPB5020: cp1: 127.0.0.1:PORT does not let 'root' in: tried key DIR/stranger; the host takes publickey and keyboard-interactive
      hint: Check \`ansible_user\`; install your key with \`ssh-copy-id -p PORT root@127.0.0.1\`, or give a password with --ask-pass."
    `);
  });

  it('says that a key file does not exist', async () => {
    expect(await fails({ privateKeyFiles: ['/does/not/exist'] })).toMatchInlineSnapshot(`
      "auth HAPB5021: cp1: cannot log in to 127.0.0.1:PORT as 'root': the key file /does/not/exist does not exist
      hint: Correct \`ansible_ssh_private_key_file\` (or --private-key); \`~\` stands for your home directory."
    `);
  });

  it('says that an encrypted key needs its passphrase, or that the passphrase is wrong', async () => {
    const locked = newKey('locked', ['-t', 'ed25519', '-N', 'correct horse', '-a', '2']);
    expect(await fails({ privateKeyFiles: [locked] })).toMatchInlineSnapshot(`
      "auth HAPB5022: cp1: cannot log in to 127.0.0.1:PORT as 'root': the key DIR/locked is encrypted and no passphrase is known
      hint: Add the key to an agent with \`ssh-add\`, or give its passphrase as ansible_ssh_private_key_passphrase, encrypted with \`hapb vault\`."
    `);
    expect(
      await fails({
        privateKeyFiles: [locked],
        keyPassphrase: new Secret('battery staple', 'key passphrase'),
      }),
    ).toMatchInlineSnapshot(`
      "auth HAPB5023: cp1: cannot log in to 127.0.0.1:PORT as 'root': the passphrase for DIR/locked is wrong
      hint: Correct ansible_ssh_private_key_passphrase; \`ssh-keygen -y -f DIR/locked\` asks for a passphrase and says whether it is the right one. Or add the key to an agent with \`ssh-add\`."
    `);
  });

  it('decrypts a key once for all hosts, and lets everything else go on meanwhile', async () => {
    const slow = newKey('slow', ['-t', 'ed25519', '-N', 'correct horse', '-a', '64']);
    let workers = 0;
    const count = (): void => {
      workers += 1;
    };
    process.on('worker', count);
    onTestFinished(() => void process.off('worker', count));
    let turns = 0;
    let opened = false;
    const turn = (): void => {
      turns += 1;
      if (!opened) setImmediate(turn);
    };
    setImmediate(turn);
    const load = () => loadPrivateKey(slow, passphrase);
    const keys = await Promise.all([load(), load(), load()]);
    opened = true;
    expect(keys.map(({ kind }) => kind)).toEqual(['key', 'key', 'key']);
    // Decrypted on this thread, it would be two or three.
    expect(turns).toBeGreaterThan(50);
    const hosts = Array.from({ length: 10 }, () =>
      connect({ privateKeyFiles: [slow], keyPassphrase: passphrase }),
    );
    expect(await Promise.all(hosts)).toEqual(hosts.map(() => 'in\n'));
    expect(workers).toBe(1);
  });

  it.each(['aes256-cbc', 'aes128-ctr', 'aes256-gcm@openssh.com'])(
    'works with a key that is encrypted by %s',
    async (cipher) => {
      const key = newKey(`by-${cipher}`, ['-t', 'ecdsa', '-N', 'correct horse', '-a', '2', '-Z', cipher]);
      expect(await connect({ privateKeyFiles: [key], keyPassphrase: passphrase })).toBe('in\n');
      const wrong = { privateKeyFiles: [key], keyPassphrase: new Secret('battery staple', 'key passphrase') };
      expect(await fails(wrong)).toContain('HAPB5023');
    },
  );

  it('says what is wrong with a file that is no key', async () => {
    writeFileSync(file('notes'), 'not a key\n');
    expect(await fails({ privateKeyFiles: [file('notes')] })).toMatchInlineSnapshot(`
      "auth HAPB5020: cp1: 127.0.0.1:PORT does not let 'root' in: nothing could be tried; the host takes publickey and keyboard-interactive
      hint: Check that the file is a private key. For security keys and certificates set \`ansible_connection: openssh\`: only the system ssh client knows them.
      details: key DIR/notes cannot be used: Unsupported key format"
    `);
    expect(await fails({ privateKeyFiles: [file('stranger.pub')] })).toContain(
      'it holds a public key, not a private one',
    );
  });

  it('says that the password is not wanted', async () => {
    expect(
      await fails({
        privateKeyFiles: [file('stranger')],
        password: new Secret('wonderland', 'ssh password'),
      }),
    ).toMatchInlineSnapshot(`
      "auth HAPB5020: cp1: 127.0.0.1:PORT does not let 'root' in: tried key DIR/stranger and the password (keyboard-interactive); the host takes publickey and keyboard-interactive
      hint: Check \`ansible_user\` and the password, or install a key with \`ssh-copy-id -p PORT root@127.0.0.1\`."
    `);
  });

  it('says that too many keys were tried', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => file(`stranger${index}`));
    for (const key of keys) keygen(key, ['-t', 'ed25519', '-N', '']);
    expect(await fails({ privateKeyFiles: keys })).toContain('too many keys were tried (MaxAuthTries)');
  });

  describe.runIf(spawnSync('ssh-agent', ['-h']).error === undefined)('with an agent', () => {
    const startAgent = (): { readonly socket: string; readonly env: NodeJS.ProcessEnv } => {
      const socket = file(`agent-${Math.random().toString(36).slice(2)}`);
      const output = execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
      const pid = /SSH_AGENT_PID=(\d+)/.exec(output)?.[1];
      onTestFinished(() => {
        if (pid !== undefined) process.kill(Number(pid));
      });
      return { socket, env: { ...process.env, SSH_AUTH_SOCK: socket } };
    };

    it('uses the keys of the agent', async () => {
      const { socket, env } = startAgent();
      execFileSync('ssh-add', ['-q', file('stranger'), file('user_ed25519')], { env, stdio: 'ignore' });
      expect(await connect({ privateKeyFiles: [], agentSocket: socket })).toBe('in\n');
    });

    it('opens an encrypted key file through the agent that holds it', async () => {
      const { socket, env } = startAgent();
      execFileSync('ssh-add', ['-q', file('user_ed25519')], { env, stdio: 'ignore' });
      const locked = file('locked2');
      keygen(locked, ['-t', 'ed25519', '-N', 'correct horse', '-a', '2']);
      expect(await connect({ privateKeyFiles: [locked], agentSocket: socket })).toBe('in\n');
    });

    it('says that the agent is empty or gone', async () => {
      const { socket } = startAgent();
      expect(await fails({ privateKeyFiles: [file('stranger')], agentSocket: socket })).toContain(
        'the agent holds no keys',
      );
      const gone = await fails({ privateKeyFiles: [file('stranger')], agentSocket: '/does/not/exist' });
      expect(gone).toContain('the agent at /does/not/exist does not answer');
    });
  });
});
