import { setTimeout as delay } from 'node:timers/promises';
import { Slots } from '../core/slots.ts';
import type { Transport } from './channel.ts';
import { ConnectionError } from './connection.ts';
import type { ConnectionSettings } from './settings.ts';

/** sshd's MaxStartups is 10:30:100: from ten connections on that are not logged in, it drops some of the new ones. */
const loginsAtOnce = 8;
const longestWaitMs = 1_600;

const slots = new Map<string, Slots>();

/** Logs in to a server when not too many others are about to: a jump host sees all that lies behind it at once. */
export function inTurn<T>(server: string, work: () => Promise<T>): Promise<T> {
  const known = slots.get(server) ?? new Slots(loginsAtOnce);
  slots.set(server, known);
  return known.run(work);
}

/**
 * Connects, again and again while the server hangs up before the login and the time to connect is not over: others may
 * fill its MaxStartups, or it is just starting. @throws ConnectionError of the last attempt
 */
export async function openPatiently(
  { connectTimeoutMs }: Pick<ConnectionSettings, 'connectTimeoutMs'>,
  open: () => Promise<Transport>,
): Promise<Transport> {
  const end = performance.now() + connectTimeoutMs;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await open();
    } catch (error) {
      const dropped = error instanceof ConnectionError && error.diagnostic.code === 'HAPB5007';
      // By chance, so that those that were dropped together do not come back together.
      const pauseMs = waitMs * (0.5 + Math.random());
      if (!dropped || performance.now() + pauseMs > end) throw error;
      await delay(pauseMs);
    }
  }
}
