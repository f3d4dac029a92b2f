import { describe, expect, it } from 'vitest';
import { type Connection, ConnectionError, type ShellReply } from '../../../../src/connection/connection.ts';
import { error } from '../../../../src/core/diagnostic.ts';
import { fileSpan } from '../../../../src/core/source.ts';
import type { Destination } from '../../../../src/modules/host/destination.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';

const cp1: Destination = { host: 'cp1', user: { kind: 'login' }, way: null };

function trouble(kind: ConnectionError['kind']): ConnectionError {
  const text = { code: 'HAPB5002', message: kind, hint: 'none' } as const;
  return new ConnectionError(kind, error({ ...text, span: fileSpan('inventory.yml') }));
}

/** A node that is connected to, or asked, with these results one after the other; afterwards all is well. */
function nodeThat(
  connects: readonly (ConnectionError | 'well')[],
  replies: readonly (ConnectionError | 'well')[],
) {
  const [connecting, replying] = [[...connects], [...replies]];
  const seen: string[] = [];
  const connection: Connection = {
    host: 'cp1',
    place: 'node',
    connect: async () => {
      seen.push('connect');
      const next = connecting.shift() ?? 'well';
      if (next !== 'well') throw next;
    },
    run: async (_, { script }): Promise<ShellReply> => {
      seen.push(script);
      const next = replying.shift() ?? 'well';
      if (next !== 'well') throw next;
      return { exitCode: 0, stdout: '', stderr: '', droppedBytes: 0 };
    },
    reset: async () => undefined,
    usage: () => ({ requests: 0, flights: 0, channels: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { seen, pool: new HostPool({ open: () => Promise.resolve(connection) }) };
}

describe('a host of a run', () => {
  it('that was lost is connected to again until it answers, and asked once more', async () => {
    const { pool, seen } = nodeThat(['well', trouble('unreachable')], [trouble('lost')]);
    await pool.read(cp1, { script: 'ask' });
    expect(seen).toEqual(['connect', 'ask', 'connect', 'connect', 'ask']);
  });

  it('that was lost in the middle of a change is not changed again, but reached again by the next request', async () => {
    const { pool, seen } = nodeThat(['well', trouble('unreachable')], [trouble('lost')]);
    await expect(pool.change(cp1, { script: 'change' }, () => undefined)).rejects.toMatchObject({
      kind: 'lost',
    });
    await pool.change(cp1, { script: 'next' }, () => undefined);
    expect(seen).toEqual(['connect', 'change', 'connect', 'connect', 'next']);
  });

  it('that was never there is not waited for, and one that refuses the login neither', async () => {
    const away = nodeThat([trouble('unreachable')], []);
    await expect(away.pool.read(cp1, { script: 'ask' })).rejects.toMatchObject({ kind: 'unreachable' });
    const refusing = nodeThat(['well', trouble('auth')], [trouble('lost')]);
    await expect(refusing.pool.read(cp1, { script: 'ask' })).rejects.toMatchObject({ kind: 'auth' });
    expect([away.seen, refusing.seen]).toEqual([['connect'], ['connect', 'ask', 'connect']]);
  });
});
