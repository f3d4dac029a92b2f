import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { authMethods } from './auth-methods.ts';
import { authProblem } from './auth-problem.ts';
import type { ConnectionError } from './connection.ts';
import { deferred } from './deferred.ts';
import { checkHostKey, type Endpoint } from './host-key-check.ts';
import { hostKeyAlgorithms, linesFor, readKnownHosts } from './known-hosts.ts';
import type { ConnectionSettings } from './settings.ts';
import { withoutDetours } from './ssh-client-habits.ts';
import { type ConnectStage, connectProblem, timeoutConnecting } from './ssh-problem.ts';
import { inTurn } from './startups.ts';

const keepaliveIntervalMs = 5_000;
const keepaliveCount = 3;

/** Key exchanges, fastest first. Group exchange is left out: its prime test stops this process for seconds. */
const keyExchanges = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
] as const;

/** An ssh connection that is logged in. */
export interface LoggedIn {
  readonly client: Client;
  /** Settles with the reason when it is gone. Never rejects. */
  readonly lost: Promise<string>;
}

/** Connects to one endpoint, over `through` when a jump host leads to it, and logs in. @throws ConnectionError */
export function logIn(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  through: Duplex | null,
): Promise<LoggedIn> {
  return inTurn(`${endpoint.address} ${endpoint.port}`, () => logInNow(settings, endpoint, through));
}

async function logInNow(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  through: Duplex | null,
): Promise<LoggedIn> {
  const lines = linesFor(readKnownHosts(settings.knownHostsFiles), endpoint.address, endpoint.port);
  const auth = await authMethods(settings, endpoint.user);
  const client = new ssh2.Client();
  const ready = deferred<null>();
  const lost = deferred<string>();
  let keyError: ConnectionError | null = null;
  let reason = 'the host closed it';
  let loggedIn = false;
  let stage: ConnectStage = 'no-answer';

  // Nagle's algorithm would hold small requests back for 40 ms.
  const socket: Socket | Duplex =
    through ?? connectSocket({ host: endpoint.address, port: endpoint.port, noDelay: true });
  const timer = setTimeout(() => {
    ready.reject(timeoutConnecting(settings, endpoint, stage));
    client.destroy();
    socket.destroy();
  }, settings.connectTimeoutMs);

  client.on('error', (error: Error & { level?: string }) => {
    if (loggedIn)
      reason = error.level === 'client-timeout' ? 'the host does not answer any more' : error.message;
    else if (keyError !== null) ready.reject(keyError);
    else if (error.level === 'agent') auth.record.notes.push(`the agent did not sign: ${error.message}`);
    else if (error.level === 'client-authentication') {
      // Errors of one signature are followed by the next method.
      if (error.message === 'All configured authentication methods failed')
        ready.reject(authProblem(settings, endpoint, auth.record));
      else auth.record.notes.push(error.message);
    } else if (/too many authentication failures/i.test(error.message)) {
      auth.record.notes.push('the host cut the login off: too many keys were tried (MaxAuthTries)');
      ready.reject(authProblem(settings, endpoint, auth.record));
    } else ready.reject(connectProblem(settings, endpoint, error));
  });
  socket.on('connect', () => {
    stage = 'connected';
  });
  client.on('handshake', () => {
    stage = 'ssh';
  });
  client.on('ready', () => {
    loggedIn = true;
    ready.resolve(null);
  });
  client.on('close', () => {
    ready.reject(connectProblem(settings, endpoint, new Error('the connection was closed')));
    lost.resolve(reason);
  });
  client.connect({
    sock: socket,
    username: endpoint.user,
    readyTimeout: 0,
    keepaliveInterval: keepaliveIntervalMs,
    keepaliveCountMax: keepaliveCount,
    algorithms: {
      kex: [...keyExchanges],
      serverHostKey: hostKeyAlgorithms(lines) as 'ssh-ed25519'[],
    },
    hostVerifier: (key: Buffer) => {
      keyError = checkHostKey(settings, endpoint, { key, lines });
      return keyError === null;
    },
    authHandler: auth.next,
  });
  withoutDetours(client);
  try {
    await ready.promise;
  } catch (error) {
    client.end();
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return { client, lost: lost.promise };
}
