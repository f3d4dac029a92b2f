import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../../src/connection/open.ts';
import { type RealSshd, startSshd, whyNoSshd } from './real-sshd.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;
if (whyNoSshd !== null) console.warn(`skipped: ${whyNoSshd}`);

describe.runIf(whyNoSshd === null)('ssh to a real sshd', () => {
  let sshd: RealSshd;
  beforeAll(async () => {
    sshd = await startSshd(['MaxSessions 4']);
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
  });

  it('logs in with a key and runs a request', async () => {
    await using connection = openConnection(sshd.settings);
    const reply = await connection.run(login, { script: 'echo "$1"; echo err >&2; exit 3', args: ["it's"] });
    expect(reply).toEqual({ exitCode: 3, stdout: "it's\n", stderr: 'err\n', droppedBytes: 0 });
  });

  it('connects once for requests that come together', async () => {
    await using connection = openConnection(sshd.settings);
    const replies = await Promise.all(
      [1, 2, 3].map((n) => connection.run(login, { script: 'echo "$1 $PPID"', args: [`${n}`] })),
    );
    const parents = new Set(replies.map((reply) => reply.stdout.split(' ')[1]));
    expect(parents.size).toBe(1);
    expect(connection.usage()).toMatchObject({ requests: 3, channels: 1, flights: 1 });
  });

  it('carries many requests in one flight, in a fraction of the time of as many round trips', async () => {
    await using connection = openConnection(sshd.settings);
    await connection.run(login, { script: ':' });
    const one = async (): Promise<unknown> => connection.run(login, { script: ':' });
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    const before = connection.usage().flights;
    const alone: number[] = [];
    const together: number[] = [];
    // Another process may take the processor at any moment: the best of a few rounds counts.
    for (let round = 0; round < 5; round += 1) {
      alone.push(
        await timed(async () => {
          for (let count = 0; count < 50; count += 1) await one();
        }),
      );
      together.push(await timed(() => Promise.all(Array.from({ length: 50 }, one))));
    }
    expect(connection.usage().flights - before).toBe(5 * 51);
    expect(Math.min(...together)).toBeLessThan(Math.min(...alone));
    console.info(
      `one request ${(Math.min(...alone) / 50).toFixed(2)} ms, fifty together ${Math.min(...together).toFixed(1)} ms`,
    );
  });

  it('ends a request at its deadline through a second channel', async () => {
    await using connection = openConnection(sshd.settings);
    const slow = shownError(
      connection.run(login, { script: 'timeout 70 sleep 71; echo no', timeoutMs: 300 }),
    );
    const behind = connection.run(login, { script: 'echo behind' });
    expect(await slow).toContain(
      'HAPB5042: cp1: the command took longer than its 0.3 s and was ended with all its processes',
    );
    expect((await behind).stdout).toBe('behind\n');
    expect((await connection.run(login, { script: 'pgrep -f "sleep 7[1]" || echo none' })).stdout).toBe(
      'none\n',
    );
  });

  it('says that the connection was lost when its sshd dies, and connects anew', async () => {
    await using connection = openConnection(sshd.settings);
    const failed = shownError(
      // What was said before has to come through first.
      connection.run(login, {
        script: 'echo seen; sleep 1; kill -9 $(cut -d" " -f4 /proc/$$/stat); sleep 30',
      }),
    );
    expect(await failed).toMatchInlineSnapshot(`
      "lost HAPB5040: cp1: the connection was lost while a command ran: the host closed it
      hint: Check that the host is up and the network holds, then run again: tasks that are done stay done.
      details: seen"
    `);
    expect((await connection.run(login, { script: 'echo again' })).stdout).toBe('again\n');
  });

  it('goes through jump hosts, and checks the key of each', async () => {
    const jump = { user: null, address: '127.0.0.1', port: sshd.port };
    await using connection = openConnection({ ...sshd.settings, jumps: [jump, jump] });
    expect((await connection.run(login, { script: 'echo through' })).stdout).toBe('through\n');
    await using unknown = openConnection({ ...sshd.settings, jumps: [jump], knownHostsFiles: [] });
    expect(await shownError(unknown.connect())).toContain('HAPB5010: cp1: the key of jump host 127.0.0.1');
  });

  it('says when a jump host does not lead on', async () => {
    const jump = { user: null, address: '127.0.0.1', port: sshd.port };
    await using connection = openConnection({ ...sshd.settings, port: 1, jumps: [jump] });
    expect(await shownError(connection.connect())).toMatchInlineSnapshot(`
      "unreachable HAPB5030: cp1: the jump host does not lead to 127.0.0.1:1
      hint: Check from the jump host that the address answers, and that its sshd allows forwarding (AllowTcpForwarding, PermitOpen).
      details: (SSH) Channel open failure: Connection refused"
    `);
  });

  it('passes more than a megabyte in and out', async () => {
    await using connection = openConnection(sshd.settings);
    const text = `${'0123456789abcdef'.repeat(64)}\n`.repeat(3_000);
    const reply = await connection.run(login, { script: 'cat', stdin: text, maxOutputBytes: 5_000_000 });
    expect(reply.stdout === text).toBe(true);
  });

  it('works with the system ssh client too', async () => {
    await using connection = openConnection({ ...sshd.settings, kind: 'openssh' });
    const replies = await Promise.all(
      ['one', 'two'].map((word) => connection.run(login, { script: 'echo "$1"', args: [word] })),
    );
    expect(replies.map((reply) => reply.stdout)).toEqual(['one\n', 'two\n']);
    const slow = shownError(connection.run(login, { script: 'sleep 72', timeoutMs: 200 }));
    expect(await slow).toContain('was ended with all its processes');
    expect((await connection.run(login, { script: 'echo again' })).stdout).toBe('again\n');
  });

  it('leaves no file behind on the controller', async () => {
    const runtime = mkdtempSync(join(sshd.directory, 'run-'));
    const before = process.env.XDG_RUNTIME_DIR;
    process.env.XDG_RUNTIME_DIR = runtime;
    try {
      const connection = openConnection({ ...sshd.settings, kind: 'openssh' });
      await connection.run(login, { script: ':' });
      await connection[Symbol.asyncDispose]();
      expect(readdirSync(runtime)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
      else process.env.XDG_RUNTIME_DIR = before;
    }
  });
});
