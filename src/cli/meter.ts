import type { Connection } from '../connection/connection.ts';
import type { EventBody, TaskCost } from '../events/event.ts';
import type { OpenConnection } from '../modules/host/pool.ts';

/** Counts what tasks cost. */
export interface Meter {
  /** Opens as the opener it was made with does, and counts what goes over the connections. */
  readonly open: OpenConnection;
  /** Gives the end of a task with what it cost, and everything else as it is. */
  on(event: EventBody): EventBody;
}

/** Watches the connections that `open` makes. */
export function createMeter(open: OpenConnection): Meter {
  const connections = new Map<string, Connection[]>();
  const begun = new Map<string, TaskCost>();
  let cpuBefore = cpuMs();

  const used = (host: string): TaskCost => {
    const total = { roundTrips: 0, sentBytes: 0, receivedBytes: 0, hostMs: 0, cpuMs: 0 };
    for (const connection of connections.get(host) ?? []) {
      const usage = connection.usage();
      total.roundTrips += usage.flights;
      total.sentBytes += usage.sentBytes;
      total.receivedBytes += usage.receivedBytes;
      total.hostMs += usage.waitedMs;
    }
    return total;
  };
  return {
    open: async (host, way) => {
      const connection = await open(host, way);
      if (connection !== null) connections.set(host, [...(connections.get(host) ?? []), connection]);
      return connection;
    },
    on: (event) => {
      if (event.type === 'task.started') begun.set(keyOf(event), used(event.host));
      if (event.type !== 'task.finished') return event;
      const before = begun.get(keyOf(event));
      begun.delete(keyOf(event));
      if (before === undefined) return event;
      const now = used(event.host);
      const cpu = cpuMs();
      const cost: TaskCost = {
        roundTrips: now.roundTrips - before.roundTrips,
        sentBytes: now.sentBytes - before.sentBytes,
        receivedBytes: now.receivedBytes - before.receivedBytes,
        hostMs: Math.round(now.hostMs - before.hostMs),
        cpuMs: Math.round((cpu - cpuBefore) * 10) / 10,
      };
      cpuBefore = cpu;
      return { ...event, cost };
    },
  };
}

function keyOf({ node, host }: { readonly node: string; readonly host: string }): string {
  return `${node} ${host}`;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
