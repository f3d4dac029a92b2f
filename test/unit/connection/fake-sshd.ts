import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import ssh2, {
  type AuthContext,
  type ServerChannel,
  type Connection as ServerSide,
  type Session,
} from 'ssh2';
import { fingerprint } from '../../../src/connection/known-hosts.ts';

/** What a fake ssh server does differently from a good one. */
export interface FakeBehaviour {
  readonly authenticate?: (context: AuthContext) => void;
  /** Answers an exec; the default runs the command with /bin/sh. */
  readonly exec?: (channel: ServerChannel, command: string, client: ServerSide) => void;
  readonly session?: (accept: () => Session, reject: () => void) => void;
  readonly onExecRequest?: 'reject';
  readonly connected?: (client: ServerSide, socket: Socket | null) => void;
}

/** A server in this process, to break the protocol where a real sshd would not. */
export interface FakeSshd extends AsyncDisposable {
  readonly port: number;
  /** A line for known_hosts. */
  readonly knownHostsLine: string;
  readonly fingerprint: string;
  readonly execs: readonly string[];
}

/** An RSA key of the old PEM form, which ssh2's server reads. */
function hostKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString();
}

/** Starts one on loopback. */
export async function fakeSshd(behaviour: FakeBehaviour = {}): Promise<FakeSshd> {
  const key = hostKey();
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('the host key cannot be parsed');
  const execs: string[] = [];
  const clients = new Set<ServerSide>();
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined);
    behaviour.connected?.(client, null);
    client.on('authentication', (context) => {
      if (behaviour.authenticate === undefined) context.accept();
      else behaviour.authenticate(context);
    });
    client.on('session', (accept, reject) => {
      if (behaviour.session !== undefined) {
        behaviour.session(accept, reject);
        return;
      }
      accept().on('exec', (acceptExec, rejectExec, info) => {
        execs.push(info.command);
        if (behaviour.onExecRequest === 'reject') {
          rejectExec();
          return;
        }
        (behaviour.exec ?? runWithSh)(acceptExec(), info.command, client);
      });
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? 0 : address.port);
    });
  });
  return {
    port,
    execs,
    knownHostsLine: `[127.0.0.1]:${port} ssh-rsa ${parsed.getPublicSSH().toString('base64')}\n`,
    fingerprint: fingerprint(parsed.getPublicSSH()),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What a good server does with a command. */
export function runWithSh(channel: ServerChannel, command: string): void {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  channel.on('close', () => child.kill('SIGKILL'));
  child.on('close', (code, signal) => {
    if (signal === null) channel.exit(code ?? 0);
    else channel.exit(signal.slice(3));
    channel.end();
  });
}
