import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { ByteChannel, Transport } from './channel.ts';
import type { Connection, ConnectionError } from './connection.ts';
import type { Endpoint } from './host-key-check.ts';
import { lostBefore, noShell } from './lost-problem.ts';
import { connectionError } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';
import { ShellConnection } from './shell-connection.ts';
import { startOnChannel } from './ssh-channel.ts';
import { type LoggedIn, logIn } from './ssh-client.ts';

/** A Connection over the built-in ssh client. */
export function openSsh(settings: ConnectionSettings): Connection {
  return new ShellConnection(settings, () => sshTransport(settings));
}

/** Connects through the jump hosts, one after the other, and logs in to the host. @throws ConnectionError */
async function sshTransport(settings: ConnectionSettings): Promise<Transport> {
  const hops: LoggedIn[] = [];
  const closeAll = (): void => {
    for (const { client } of [...hops].reverse()) client.end();
  };
  try {
    let through: Duplex | null = null;
    for (const endpoint of endpointsOf(settings)) {
      const previous = hops.at(-1);
      if (previous !== undefined) through = await forward(settings, previous.client, endpoint);
      hops.push(await logIn(settings, endpoint, through));
    }
  } catch (error) {
    closeAll();
    throw error;
  }
  const last = hops.at(-1);
  if (last === undefined) throw new Error('a connection without an endpoint');
  return {
    lost: last.lost,
    start: (command) => startPatiently(settings, () => startOnChannel(last.client, command, last.lost)),
    close: async () => {
      closeAll();
      const timer = setTimeout(() => {
        for (const { client } of hops) client.destroy();
      }, 1_000);
      await last.lost;
      clearTimeout(timer);
    },
  };
}

/** Servers free the slot of a closed channel late: a refused one is tried again a few times. */
async function startPatiently(
  settings: ConnectionSettings,
  start: () => Promise<ByteChannel>,
): Promise<ByteChannel> {
  for (const waitMs of [50, 150, 450, null]) {
    try {
      return await start();
    } catch (error) {
      if (waitMs === null || !/open failed|resource shortage/i.test(String(error)))
        throw noChannel(settings, error);
      await delay(waitMs);
    }
  }
  throw noChannel(settings, null);
}

function endpointsOf(settings: ConnectionSettings): Endpoint[] {
  const jumps = settings.jumps.map(({ user, address, port }) => ({
    user: user ?? settings.user,
    address,
    port,
    label: `jump host ${addressAndPort(address, port)}`,
  }));
  const { user, address, port } = settings;
  return [...jumps, { user, address, port, label: addressAndPort(address, port) }];
}

function addressAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function forward(settings: ConnectionSettings, client: Client, to: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else {
        reject(
          connectionError('unreachable', settings, {
            code: 'HAPB5030',
            message: `the jump host does not lead to ${to.label}`,
            hint: 'Check from the jump host that the address answers, and that its sshd allows forwarding (AllowTcpForwarding, PermitOpen).',
            details: error.message,
          }),
        );
      }
    });
  });
}

function noChannel(settings: ConnectionSettings, error: unknown): ConnectionError {
  const details = error instanceof Error ? error.message : String(error);
  if (/unable to exec/i.test(details)) return noShell(settings, 'the host refuses to run commands');
  if (!/channel open failure/i.test(details)) return lostBefore(settings, details);
  return connectionError('lost', settings, {
    code: 'HAPB5045',
    message: 'the host opens no further channel on the connection',
    hint: 'Check MaxSessions in sshd_config on the host (hapb needs up to 4), and that its sshd has not been restarted just now.',
    details,
  });
}
