import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import { Secret } from '../../../src/core/secret.ts';
import { type FakeBehaviour, type FakeSshd, fakeSshd, runWithSh } from './fake-sshd.ts';
import { settingsOf } from './settings-of.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;

async function withServer(behaviour: FakeBehaviour, changes: Partial<ConnectionSettings> = {}) {
  const server = await fakeSshd(behaviour);
  const settings = { port: server.port, hostKeyPolicy: 'off', password: 'wonderland', ...changes } as const;
  const connection = openConnection(settingsOf(settings));
  onTestFinished(async () => {
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, connection };
}

/** The error of a request, without the port, which differs from run to run. */
async function failure(connection: Connection, server: Pick<FakeSshd, 'port'>): Promise<string> {
  const shown = await shownError(connection.run(login, { script: 'echo hello' }));
  return shown.replaceAll(String(server.port), 'PORT');
}

describe('an ssh server that misbehaves', () => {
  it('is no problem when it behaves', async () => {
    const { connection } = await withServer({});
    expect((await connection.run(login, { script: 'echo hello; exit 2' })).exitCode).toBe(2);
  });

  it('drops the connection in the middle of an output', async () => {
    const { connection, server } = await withServer({
      exec: (channel, _command, client) => {
        channel.write('half an ');
        setTimeout(() => client.end(), 50);
      },
    });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "lost HAPB5040: cp1: the connection was lost before the first command: the host closed it
      hint: Check that the host is up and the network holds, then run again: tasks that are done stay done.
      details: half an"
    `);
  });

  it('recovers on the next request after a lost connection', async () => {
    let times = 0;
    const { connection, server } = await withServer({
      exec: (channel, command, client) => {
        times += 1;
        if (times === 1) client.end();
        else runWithSh(channel, command);
      },
    });
    await failure(connection, server);
    expect((await connection.run(login, { script: 'echo back' })).stdout).toBe('back\n');
  });

  it('closes the channel without an exit status', async () => {
    const { connection, server } = await withServer({ exec: (channel) => channel.close() });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "unreachable HAPB5044: cp1: the login user's shell does not start /bin/sh: the host closed the channel without a word
      hint: Check with \`ssh HOST /bin/sh -c true\`: the login shell must run commands (not nologin), and no forced command may replace them."
    `);
  });

  it('ends the shell with a message, as nologin does', async () => {
    const { connection, server } = await withServer({
      exec: (channel) => {
        channel.write('This account is currently not available.\n');
        channel.exit(1);
        channel.end();
      },
    });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "unreachable HAPB5044: cp1: the login user's shell does not start /bin/sh: exit code 1
      hint: Check with \`ssh HOST /bin/sh -c true\`: the login shell must run commands (not nologin), and no forced command may replace them.
      details: This account is currently not available."
    `);
  });

  it('prints garbage before the shell speaks', async () => {
    const { connection } = await withServer({
      exec: (channel, command) => {
        channel.write('Welcome to \xff\xfe the machine;\x1b[31m:;\n');
        channel.stderr.write('bash: warning: setlocale\n');
        runWithSh(channel, command);
      },
    });
    expect(await connection.run(login, { script: 'echo hello' })).toEqual({
      exitCode: 0,
      stdout: 'hello\n',
      stderr: '',
      droppedBytes: 0,
    });
  });

  it('sends its answer byte by byte', async () => {
    const { connection } = await withServer({
      exec: (channel, command) => {
        const slow = Object.create(channel, {
          write: { value: (chunk: Buffer) => chunk.forEach((byte) => channel.write(Buffer.of(byte))) },
        }) as typeof channel;
        runWithSh(slow, command);
      },
    });
    expect((await connection.run(login, { script: 'printf "zwölf 😀 €"' })).stdout).toBe('zwölf 😀 €');
  });

  it('refuses to run commands', async () => {
    const { connection, server } = await withServer({ onExecRequest: 'reject' });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "unreachable HAPB5044: cp1: the login user's shell does not start /bin/sh: the host refuses to run commands
      hint: Check with \`ssh HOST /bin/sh -c true\`: the login shell must run commands (not nologin), and no forced command may replace them."
    `);
  });

  it('opens no channel', async () => {
    const { connection, server } = await withServer({ session: (_accept, reject) => reject() });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "lost HAPB5045: cp1: the host opens no channel, not even on a connection of its own
      hint: Check MaxSessions in sshd_config on the host (1 is enough, 0 allows no command), and that its sshd has not been restarted just now.
      details: (SSH) Channel open failure:"
    `);
  });

  it('starts a shell that never speaks', async () => {
    const { connection, server } = await withServer({ exec: () => undefined }, { connectTimeoutMs: 400 });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "unreachable HAPB5044: cp1: the login user's shell does not start /bin/sh: it did not start within 1.2 s
      hint: Check with \`ssh HOST /bin/sh -c true\`: the login shell must run commands (not nologin), and no forced command may replace them."
    `);
  });

  it('refuses the password, which is tried once', async () => {
    let tries = 0;
    const { connection, server } = await withServer({
      authenticate: (context) => {
        if (context.method === 'password') tries += 1;
        context.reject(['password', 'keyboard-interactive']);
      },
    });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "auth HAPB5020: cp1: 127.0.0.1:PORT does not let 'admin' in: tried the password; the host takes password and keyboard-interactive
      hint: Check \`ansible_user\` and the password, or install a key with \`ssh-copy-id -p PORT admin@127.0.0.1\`."
    `);
    expect(tries).toBe(1);
  });

  it('takes the password by keyboard-interactive only', async () => {
    const { connection } = await withServer(
      {
        authenticate: (context) => {
          if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
          else {
            context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
              if (answers[0] === 'wonderland') context.accept();
              else context.reject();
            });
          }
        },
      },
      { password: new Secret('wonderland', 'ssh password') },
    );
    expect((await connection.run(login, { script: 'echo in' })).stdout).toBe('in\n');
  });

  it('asks for a code that hapb does not have', async () => {
    const { connection, server } = await withServer({
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
        else
          context.prompt([{ prompt: 'Verification code: ', echo: true }], () =>
            context.reject(['keyboard-interactive']),
          );
      },
    });
    expect(await failure(connection, server)).toMatchInlineSnapshot(`
      "auth HAPB5020: cp1: 127.0.0.1:PORT does not let 'admin' in: tried the password (keyboard-interactive); the host takes keyboard-interactive
      hint: Log in with a key for which the host asks no second factor; hapb cannot answer questions other than the password.
      details: the host asked "Verification code:", to which hapb has no answer"
    `);
  });
});

describe('a port where no ssh server speaks', () => {
  async function tcp(talk: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      talk(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }
  const tryPort = async (port: number): Promise<string> => {
    const connection = openConnection(settingsOf({ port, connectTimeoutMs: 500 }));
    return failure(connection, { port });
  };

  it('answers in another protocol', async () => {
    const port = await tcp((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(2_000)));
    expect(await tryPort(port)).toMatchInlineSnapshot(`
      "unreachable HAPB5005: cp1: 127.0.0.1:PORT does not speak ssh as expected
      hint: Check that an ssh server listens on port PORT, and see the log of sshd on the host.
      details: Max greeting lines exceeded"
    `);
  });

  it('stays silent', async () => {
    expect(await tryPort(await tcp(() => undefined))).toMatchInlineSnapshot(`
      "unreachable HAPB5003: cp1: 127.0.0.1:PORT takes connections, but no ssh server spoke within 0.5 s
      hint: Check that sshd listens on this port and that the host is not overloaded (a slow DNS or PAM delays logins); a slow host needs a longer \`ansible_ssh_timeout\`."
    `);
  });

  it('closes at once', async () => {
    expect(await tryPort(await tcp((socket) => socket.end()))).toMatchInlineSnapshot(`
      "unreachable HAPB5007: cp1: 127.0.0.1:PORT closed the connection before the login
      hint: Usual reasons: too many connections at once (MaxStartups), a deny rule for this address (fail2ban, AllowUsers, firewall), or sshd is starting. See the log of sshd on the host.
      details: Connection lost before handshake"
    `);
  });

  it('closes after its banner, as MaxStartups does', async () => {
    const port = await tcp((socket) => socket.end('Exceeded MaxStartups\r\n'));
    expect(await tryPort(port)).toMatchInlineSnapshot(`
      "unreachable HAPB5007: cp1: 127.0.0.1:PORT closed the connection before the login
      hint: Usual reasons: too many connections at once (MaxStartups), a deny rule for this address (fail2ban, AllowUsers, firewall), or sshd is starting. See the log of sshd on the host.
      details: Connection lost before handshake"
    `);
  });

  it('offers algorithms that nobody knows', async () => {
    const port = await tcp((socket) => {
      socket.write('SSH-2.0-Strange\r\n');
      socket.write(strangeKexInit());
    });
    expect(await tryPort(port)).toMatchInlineSnapshot(`
      "unreachable HAPB5006: cp1: 127.0.0.1:PORT and the built-in ssh client have no algorithm in common
      hint: Set \`ansible_connection: openssh\` for this host: the system ssh client knows more key exchanges, keys and ciphers.
      details: Handshake failed: no matching key exchange algorithm"
    `);
  });
});

/** An SSH_MSG_KEXINIT (RFC 4253, 7.1) whose only key exchange is unknown. */
function strangeKexInit(): Buffer {
  const names = [
    'sntrup761x25519-sha512@openssh.com',
    'ssh-ed25519',
    'aes128-ctr',
    'aes128-ctr',
    'hmac-sha2-256',
    'hmac-sha2-256',
    'none',
    'none',
    '',
    '',
  ];
  const lists = names.map((name) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(name.length);
    return Buffer.concat([length, Buffer.from(name)]);
  });
  const payload = Buffer.concat([Buffer.of(20), Buffer.alloc(16), ...lists, Buffer.alloc(5)]);
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}
