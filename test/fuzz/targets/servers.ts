import type { Duplex } from 'node:stream';
import ssh2, { type Connection as ServerSide } from 'ssh2';
import { ConnectionError } from '../../../src/connection/connection.ts';
import { checkHostKey, UnknownHostKey } from '../../../src/connection/host-key-check.ts';
import { linesFor, parseKnownHosts } from '../../../src/connection/known-hosts.ts';
import { startOnChannel } from '../../../src/connection/ssh-channel.ts';
import { type LoggedIn, logIn } from '../../../src/connection/ssh-client.ts';
import { Secret } from '../../../src/core/secret.ts';
import { settingsOf } from '../../unit/connection/settings-of.ts';
import { duplexPair } from '../duplex-pair.ts';
import { mustBeSound } from '../sound.ts';
import type { Target } from '../target.ts';

const endpoint = { user: 'admin', address: '192.0.2.1', port: 22, label: '192.0.2.1:22' };
const read = { file: 'inventory.yml', text: '' };
/** Lets in by password, so that no key file of whoever runs this is touched. */
const settings = settingsOf({
  hostKeyPolicy: 'off',
  privateKeyFiles: ['/nonexistent'],
  password: new Secret('wonderland', 'ssh password'),
});

/** The login, or `null` after an error that is sound. @throws Error for every other one */
async function loggedIn(line: Duplex): Promise<LoggedIn | null> {
  try {
    return await logIn(settings, endpoint, line);
  } catch (thrown) {
    if (!(thrown instanceof ConnectionError)) throw thrown;
    mustBeSound([thrown.diagnostic], read);
    return null;
  }
}

/** Logs in to a server that says `bytes` and hangs up: whatever they are, nobody has proved to be anyone. */
async function refuses(bytes: Buffer): Promise<void> {
  const [here, there] = duplexPair();
  there.on('error', () => undefined).resume();
  const login = loggedIn(here);
  there.write(bytes);
  there.end();
  const reached = await login;
  reached?.client.destroy();
  if (reached !== null) throw new Error('logged in to a server that has no key');
}

const words = {
  kex: 'curve25519-sha256,ecdh-sha2-nistp256',
  key: 'ssh-ed25519,rsa-sha2-512',
  cipher: 'aes128-gcm@openssh.com,aes128-ctr',
};

/** What a server says first: lines before its version, the version, and anything behind it. */
export const greeting: Target = {
  name: 'ssh-greeting',
  seeds: [
    'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    'Welcome!\r\nNot yet\r\nSSH-1.99-x\n\0\0\0\x0c\x0a\x14',
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    'Exceeded MaxStartups\r\n',
  ],
  words: [
    ...[
      'SSH-',
      'SSH-2.0-',
      'SSH-1.99-',
      'SSH-1.5-',
      '\r\n',
      '\n',
      '\r',
      '\0',
      ' ',
      '-',
      '\u001b[2J',
      '\u202e',
    ],
    ...['\x7f', '\xff\xff\xff\xff', '\0\0\0\x0c\x0a\x14', '\0\0\x01\x04\x0a', 'a'.repeat(255)],
  ],
  feed: refuses,
};

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([uint(bytes.length), bytes]);
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Messages as inputs hold them: a length of two bytes, then the message. The rest of an input is one more. */
function packed(...messages: readonly (readonly (Buffer | number)[])[]): Buffer {
  return Buffer.concat(
    messages.map((parts) => {
      const bytes = Buffer.concat(
        parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

function unpacked(input: Buffer): readonly Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < input.length && messages.length < 64; ) {
    const length = at + 2 <= input.length ? input.readUInt16BE(at) : 0;
    messages.push(input.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return messages.filter(({ length }) => length > 0);
}

/** A message as it travels before there are keys. */
function framed(message: Buffer): Buffer {
  const padding = 4 + (8 - ((5 + message.length + 4) % 8));
  return Buffer.concat([
    uint(1 + message.length + padding),
    Buffer.from([padding]),
    message,
    Buffer.alloc(padding),
  ]);
}

const kexInit = [
  ...[20, Buffer.alloc(16), text(words.kex), text(words.key), text(words.cipher), text(words.cipher)],
  ...[text('hmac-sha2-256'), text('hmac-sha2-256'), text('none'), text('none'), text(''), text('')],
  ...[0, uint(0)],
];
const ed25519 = Buffer.concat([text('ssh-ed25519'), text('k'.repeat(32))]);
const signature = Buffer.concat([text('ssh-ed25519'), text('s'.repeat(64))]);
const lengths = [
  '\0\x01',
  '\0\0',
  '\xff\xff\xff\xff',
  '\0\0\0\x01',
  '\0\0\0\0',
  '\x7f\xff\xff\xff',
  '\x80\0\0\0',
];

/** Messages of the key exchange, in right frames, with no key behind them. */
export const handshake: Target = {
  name: 'ssh-handshake',
  seeds: [
    packed(
      kexInit,
      [31, text(ed25519.toString('latin1')), text('q'.repeat(32)), text(signature.toString('latin1'))],
      [21],
    ),
    packed([2, text('ignored')], kexInit, [3, uint(1)], [1, uint(2), text('Too many'), text('en')]),
    packed(kexInit, [21], [6, text('ssh-userauth')], [52]),
  ],
  words: [
    ...lengths,
    '\x14',
    '\x15',
    '\x1f',
    '\x01',
    '\x34',
    words.kex,
    words.key,
    'ssh-rsa',
    'ext-info-s',
    'none',
    ',',
  ],
  feed: (input) => refuses(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), ...unpacked(input).map(framed)])),
};

const hostKey = ssh2.utils.generateKeyPairSync('ed25519').private;

/** What ssh2's server keeps to itself: it encrypts a message and sends it as it is. */
interface Inside {
  readonly _protocol: {
    readonly _packetRW: {
      readonly write: { alloc(size: number): Buffer; finalize(packet: Buffer): Buffer; allocStart: number };
    };
    readonly _cipher: { encrypt(packet: Buffer): void };
  };
}

function say(server: ServerSide, message: Buffer): void {
  const { _packetRW: packets, _cipher: cipher } = (server as unknown as Inside)._protocol;
  const packet = packets.write.alloc(message.length);
  message.copy(packet, packets.write.allocStart);
  cipher.encrypt(packets.write.finalize(packet));
}

/** Messages of a server that is logged in to and then says anything at all, while a command runs. */
export const session: Target = {
  name: 'ssh-session',
  seeds: [
    packed(
      [94, uint(0), text('out')],
      [95, uint(0), uint(1), text('err')],
      [93, uint(0), uint(9)],
      [96, uint(0)],
      [97, uint(0)],
    ),
    packed(
      [98, uint(0), text('exit-status'), 0, uint(3)],
      [98, uint(0), text('exit-signal'), 0, text('KILL'), 0, text(''), text('')],
    ),
    packed(
      [80, text('hostkeys-00@openssh.com'), 0, text(ed25519.toString('latin1'))],
      [53, text('Banner'), text('')],
    ),
    packed(
      [90, text('forwarded-tcpip'), uint(0), uint(9), uint(9), text('a'), uint(1), text('b'), uint(2)],
      kexInit,
    ),
    packed(
      [91, uint(0), uint(0), uint(9), uint(9)],
      [92, uint(0), uint(1), text('no'), text('')],
      [82],
      [99, uint(0)],
    ),
  ],
  words: [
    ...lengths,
    'exit-status',
    'exit-signal',
    'x11',
    'auth-agent@openssh.com',
    '\x5e',
    '\x5f',
    '\x60',
    '\x61',
    '\x62',
    '\x5a',
  ],
  feed: async (input) => {
    const [here, there] = duplexPair();
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => context.accept());
      client.on('session', (accept) => {
        accept().on('exec', (acceptExec) => {
          acceptExec();
          for (const message of unpacked(input)) say(client, message);
          setImmediate(() => there.end());
        });
      });
    });
    server.injectSocket(there as Parameters<typeof server.injectSocket>[0]);
    const reached = await loggedIn(here);
    if (reached === null) throw new Error('the server does not let us in');
    try {
      const channel = await startOnChannel(reached.client, 'sh', reached.lost);
      channel.stdout.on('data', () => undefined);
      channel.stderr.on('data', () => undefined);
      await channel.ended;
      await reached.lost;
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw new Error('thrown without an error');
    } finally {
      reached.client.destroy();
      there.destroy();
    }
  },
};

/** The key that a server shows, in bytes, and the known_hosts file in front of it. */
export const shownKey: Target = {
  name: 'host-key',
  seeds: [
    `${endpoint.address} ssh-ed25519 ${ed25519.toString('base64')}\n\0${ed25519.toString('latin1')}`,
    `@revoked * ssh-rsa ${ed25519.toString('base64')}\n@cert-authority * ssh-rsa AAAA\n\0${ed25519.toString('latin1')}`,
    `\0\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01`,
  ],
  words: [
    ...lengths,
    'ssh-ed25519',
    'ssh-rsa',
    '\u001b[2J',
    '\n',
    '\r',
    ' ',
    '@revoked ',
    '@cert-authority ',
    `${endpoint.address} `,
    '*',
    '!',
  ],
  feed: (input) => {
    const cut = input.indexOf(0);
    const known = parseKnownHosts(input.subarray(0, Math.max(0, cut)).toString('utf8'), '~/.ssh/known_hosts');
    const lines = linesFor(known, endpoint.address, endpoint.port);
    const problem = checkHostKey({ ...settings, hostKeyPolicy: 'strict' }, endpoint, {
      key: input.subarray(cut + 1),
      lines,
    });
    if (problem !== null) mustBeSound([problem.diagnostic], read);
    if (problem instanceof UnknownHostKey && problem.shown.trim() === '') throw new Error('shows nothing');
  },
};
