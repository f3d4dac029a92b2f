import type { Connection, ShellReply } from '../../../../src/connection/connection.ts';
import type { Site } from '../../../../src/modules/host/asking.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';

/** A task's place on host a, where each script prints what `answer` says. */
export function siteWhere(user: Site['user'], answer: (script: string) => string): Site {
  const connection: Connection = {
    host: 'a',
    place: 'node',
    connect: async () => undefined,
    run: async (_, { script }): Promise<ShellReply> => {
      return { exitCode: 0, stdout: answer(script), stderr: '', droppedBytes: 0 };
    },
    reset: async () => undefined,
    usage: () => ({ requests: 0, flights: 0, channels: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const { signal } = new AbortController();
  const pool = new HostPool({ open: () => Promise.resolve(connection), signal });
  return { pool, host: 'a', user, way: null, signal, environment: new Map() };
}
