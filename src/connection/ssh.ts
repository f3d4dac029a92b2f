import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { ByteChannel, Transport } from './channel.ts';
import { type Connection, ConnectionError } from './connection.ts';
import type { Endpoint } from './host-key-check.ts';
import { settingsAt } from './jump-hosts.ts';
import { lostBefore, noShell } from './lost-problem.ts';
import { connectionError } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';
import { ShellConnection } from './shell-connection.ts';
import { startOnChannel } from './ssh-channel.ts';
import { type LoggedIn, logIn } from './ssh-client.ts';
import { openPatiently } from './startups.ts';

/** A Connection over the built-in ssh client. */
export function openSsh(settings: ConnectionSettings): Connection {
  return new ShellConnection(settings, () => openPatiently(settings, () => sshTransport(settings)));
}

/** A host that is logged in to, and the jump hosts on the way. */
interface Reached extends LoggedIn {
  close(): Promise<void>;
}

/**
 * One login carries all channels. Where the host opens no further one on it (MaxSessions), the next has a login of its
 * own. @throws ConnectionError
 */
async function sshTransport(settings: ConnectionSettings): Promise<Transport> {
  const first = await reach(settings);
  const further = new Set<Reached>();
  let full = false;
  const startAside = async (command: string): Promise<ByteChannel> => {
    const own = await reach(settings);
    further.add(own);
    const leave = (): void => {
      further.delete(own);
      void own.close();
    };
    try {
      const channel = await startPatiently(settings, lateSlotWaits, () =>
        startOnChannel(own.client, command, own.lost),
      );
      void channel.ended.then(leave);
      return channel;
    } catch (error) {
      leave();
      throw error;
    }
  };
  return {
    lost: first.lost,
    start: async (command) => {
      try {
        return await startPatiently(settings, full ? [] : lateSlotWaits, () =>
          startOnChannel(first.client, command, first.lost),
        );
      } catch (error) {
        if (!(error instanceof ConnectionError) || error.diagnostic.code !== 'HAPB5045') throw error;
        full = true;
        return startAside(command);
      }
    },
    close: async () => {
      await Promise.all([first, ...further].map((one) => one.close()));
    },
  };
}

/** Connects through the jump hosts, one after the other, and logs in to the host. @throws ConnectionError */
async function reach(settings: ConnectionSettings): Promise<Reached> {
  const hops: LoggedIn[] = [];
  const closeAll = (): void => {
    for (const { client } of [...hops].reverse()) client.end();
  };
  try {
    let through: Duplex | null = null;
    for (const { endpoint, as } of stagesOf(settings)) {
      const previous = hops.at(-1);
      if (previous !== undefined) through = await forward(settings, previous.client, endpoint);
      hops.push(await logIn(as, endpoint, through));
    }
  } catch (error) {
    closeAll();
    throw error;
  }
  const last = hops.at(-1);
  if (last === undefined) throw new Error('a connection without an endpoint');
  return {
    ...last,
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

/** Servers free the slot of a closed channel late. */
const lateSlotWaits = [50, 150, 450] as const;

/** Starts a channel; one that is refused is tried again after each wait. @throws ConnectionError */
async function startPatiently(
  settings: ConnectionSettings,
  waitsMs: readonly number[],
  start: () => Promise<ByteChannel>,
): Promise<ByteChannel> {
  for (const waitMs of [...waitsMs, null]) {
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

/** A login on the way, and the settings that hold for it. */
interface Stage {
  readonly endpoint: Endpoint;
  readonly as: ConnectionSettings;
}

function stagesOf(settings: ConnectionSettings): readonly Stage[] {
  const jumps = settings.jumps.map((jump): Stage => {
    const { address, port, user } = { ...jump, port: jump.port ?? 22, user: jump.user ?? settings.user };
    const label = `jump host ${addressAndPort(address, port)}`;
    return { endpoint: { user, address, port, label }, as: settingsAt(settings, jump) };
  });
  const { user, address, port } = settings;
  return [
    ...jumps,
    { endpoint: { user, address, port, label: addressAndPort(address, port) }, as: settings },
  ];
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
    message: 'the host opens no channel, not even on a connection of its own',
    hint: 'Check MaxSessions in sshd_config on the host (1 is enough, 0 allows no command), and that its sshd has not been restarted just now.',
    details,
  });
}
