import { describe, expect, it } from 'vitest';
import type { Connection, ShellReply } from '../../../../src/connection/connection.ts';
import { type Deferred, deferred } from '../../../../src/connection/deferred.ts';
import type { Destination } from '../../../../src/modules/host/destination.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';

const here: Destination = { host: 'localhost', user: { kind: 'login' }, way: null };
const replyOf = (stdout: string): ShellReply => ({ exitCode: 0, stdout, stderr: '', droppedBytes: 0 });
const question = { script: 'look "$1"', args: ['/srv/large'], several: null };

/** This machine, which answers when it is told to. */
function patient() {
  const asked: Deferred<ShellReply>[] = [];
  const connection: Connection = {
    host: 'localhost',
    place: 'here',
    connect: async () => undefined,
    run: (_, request) => {
      if (request.script === 'change') return Promise.resolve(replyOf(''));
      const one = deferred<ShellReply>();
      asked.push(one);
      return one.promise;
    },
    reset: async () => undefined,
    usage: () => ({ requests: 0, flights: 0, channels: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { asked, pool: new HostPool({ open: () => Promise.resolve(connection) }) };
}

describe('what tasks of several hosts ask of this machine', () => {
  it('is asked once while it is being answered, and again later', async () => {
    const { asked, pool } = patient();
    const both = Promise.all([pool.read(here, question), pool.read(here, question)]);
    const other = pool.read(here, { ...question, args: ['/srv/other'] });
    await expect.poll(() => asked.length).toBe(2);
    asked[0]?.resolve(replyOf('large'));
    asked[1]?.resolve(replyOf('other'));
    const [one, two] = await both;
    expect(one).toBe(two);
    expect((await other).stdout).toBe('other');
    void pool.read(here, question);
    await expect.poll(() => asked.length).toBe(3);
  });

  it('is asked again once anything changes', async () => {
    const { asked, pool } = patient();
    const before = pool.read(here, question);
    await expect.poll(() => asked.length).toBe(1);
    await pool.change(here, { script: 'change' }, () => undefined);
    const after = pool.read(here, question);
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.resolve(replyOf('new'));
    asked[0]?.resolve(replyOf('old'));
    expect([(await before).stdout, (await after).stdout]).toEqual(['old', 'new']);
  });

  it('is asked again for the others when who asked first was cut off', async () => {
    const { asked, pool } = patient();
    const cut = pool.read(here, question);
    const waiting = pool.read(here, question);
    await expect.poll(() => asked.length).toBe(1);
    asked[0]?.reject(new Error('HAPB5043'));
    await expect(cut).rejects.toThrow('HAPB5043');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.resolve(replyOf('large'));
    expect((await waiting).stdout).toBe('large');
  });
});
