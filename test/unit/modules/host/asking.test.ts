import { expect, it } from 'vitest';
import type { Connection, ShellReply, ShellRequest } from '../../../../src/connection/connection.ts';
import { deferred } from '../../../../src/connection/deferred.ts';
import { packageOf } from '../../../../src/modules/asks/package.ts';
import { askForeseen, foresee, type Site } from '../../../../src/modules/host/asking.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';
import { by } from './by.ts';

const replyOf = (stdout: string): ShellReply => ({ exitCode: 0, stdout, stderr: '', droppedBytes: 0 });

/** A host on which rival is installed, and where apt takes its time. It ends, as real ones do, what its signal cuts off. */
function slowApt() {
  const said = deferred<ShellReply>();
  const simulations: ShellRequest[] = [];
  const connection: Connection = {
    host: 'a',
    place: 'node',
    connect: async () => undefined,
    run: async (_, request): Promise<ShellReply> => {
      if (!request.script.includes('apt-get')) return replyOf('install ok installed|1.0\n');
      simulations.push(request);
      const { promise, reject } = deferred<ShellReply>();
      request.signal?.addEventListener('abort', () => reject(new Error('HAPB5043')));
      return Promise.race([said.promise, promise]);
    },
    reset: async () => undefined,
    usage: () => ({ requests: 0, flights: 0, channels: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const run = new AbortController();
  const pool = new HostPool({ open: () => Promise.resolve(connection), signal: run.signal });
  const site = (signal: AbortSignal): Site => ({
    pool,
    host: 'a',
    user: { kind: 'login' },
    way: null,
    signal,
    environment: new Map(),
  });
  return { said, simulations, run, site };
}

const unlimited = (): AbortSignal => new AbortController().signal;
const installed = { key: 'package:wanted', state: { kind: 'installed', version: '1', hold: false } };

it('what apt says is waited for as long as a task may, and is there for the next one', async () => {
  const { said, simulations, site } = slowApt();
  const limited = new AbortController();
  foresee(site(limited.signal), [installed], by('install'));
  const cut = askForeseen(site(limited.signal), packageOf('rival'));
  await expect.poll(() => simulations.length).toBe(1);
  limited.abort();
  await expect(cut).rejects.toThrow('the task was cut off');
  const next = askForeseen(site(unlimited()), packageOf('rival'));
  said.resolve(replyOf('Inst wanted (1 lab [all])\nRemv rival [1.0]\n'));
  expect(await next).toEqual({ kind: 'absent', hold: false });
  expect(simulations).toHaveLength(1);
});

it('what apt says ends with the run', async () => {
  const { simulations, site, run } = slowApt();
  foresee(site(run.signal), [installed], by('install'));
  const cut = askForeseen(site(unlimited()), packageOf('rival'));
  await expect.poll(() => simulations.length).toBe(1);
  run.abort();
  await expect(cut).rejects.toThrow('HAPB5043');
});
