import { expect, it } from 'vitest';
import type { Connection, ShellReply } from '../../../../src/connection/connection.ts';
import { Unknown } from '../../../../src/core/unknown.ts';
import { file } from '../../../../src/modules/asks/file.ts';
import { fileEffect } from '../../../../src/modules/asks/file-state.ts';
import { askForeseen, foresee, type Site } from '../../../../src/modules/host/asking.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';
import { by } from './by.ts';

/** What is said of /d/sub/f, which the host says is `found`, where a task before would leave /d with this mode. */
async function said(found: 'denied' | 'absent', mode: string | null, login: 'root' | 'anna') {
  const connection: Connection = {
    host: 'a',
    place: 'node',
    connect: async () => undefined,
    run: async (_, { script }): Promise<ShellReply> => {
      const who = login === 'root' ? 'uid=0(root) gid=0(root)' : 'uid=1000(anna) gid=1000(anna)';
      const stdout = script.includes('umask') ? `${who}\n0022\n` : `${found}\n`;
      return { exitCode: 0, stdout, stderr: '', droppedBytes: 0 };
    },
    reset: async () => undefined,
    usage: () => ({ requests: 0, flights: 0, channels: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const { signal } = new AbortController();
  const pool = new HostPool({ open: () => Promise.resolve(connection), signal });
  const site: Site = {
    ...{ pool, host: 'a', way: null, signal, environment: new Map() },
    user: { kind: 'login' },
  };
  const folder = { kind: 'directory', owner: 'root', group: 'root' } as const;
  if (mode !== null) foresee(site, [fileEffect('/d', { ...folder, mode })], by("'before'"));
  return askForeseen(site, file('/d/sub/f', { content: 'none' })).then(
    (answer) => (answer instanceof Unknown ? answer.reason : answer.kind),
    (thrown: unknown) => (thrown as Error).message,
  );
}

it('what a user may not look at now is unknown where a task before sets permissions above it', async () => {
  expect(await said('denied', '0755', 'anna')).toMatch(/'before'.* may open \/d\/sub\/f to this user/);
  expect(await said('denied', null, 'anna')).toBe('/d/sub/f may not be read by this user');
});

it('what a task before closes is unknown to who has logged in, unless that is root', async () => {
  expect(await said('absent', '0700', 'anna')).toMatch(/'before'.* may close \/d\/sub\/f to this user/);
  expect(await said('absent', '0700', 'root')).toBe('absent');
  expect(await said('absent', '0755', 'anna')).toBe('absent');
});
