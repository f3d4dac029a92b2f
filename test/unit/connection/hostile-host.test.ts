import { createServer } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capture } from '../../../src/connection/capture.ts';
import type { Connection } from '../../../src/connection/connection.ts';
import { markedStream } from '../../../src/connection/marker.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { fakeSshd } from './fake-sshd.ts';
import { startSshd, whyNoSshd } from './real-sshd.ts';
import { settingsOf } from './settings-of.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;
const mebibyte = 1_048_576;

/** How far the memory of this process rises above where it stands now, in MiB, looked at each 20 ms until disposed of. */
function memory() {
  const before = process.memoryUsage().rss;
  let highest = before;
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  return {
    riseMiB: () => (highest - before) / mebibyte,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function closing(connection: Connection): Connection {
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

describe.skipIf(whyNoSshd !== null)('a host with a real sshd', () => {
  it('that prints a gigabyte has head and tail of it kept, in bounded memory', async () => {
    const sshd = await startSshd();
    onTestFinished(() => sshd[Symbol.asyncDispose]());
    const connection = closing(openConnection(sshd.settings));
    await connection.connect();
    using used = memory();
    const sizeMiB = Number(process.env.HAPB_OUTPUT_MIB ?? 128);
    const reply = await connection.run(login, {
      script: `echo HEAD; dd if=/dev/zero bs=1M count=${sizeMiB} 2>/dev/null | tr '\\0' x; echo TAIL`,
    });
    expect(reply.stdout.slice(0, 7)).toBe('HEAD\nxx');
    expect(reply.stdout.slice(-7)).toBe('xxTAIL\n');
    expect(reply.stdout.length).toBe(mebibyte);
    expect(reply.droppedBytes).toBe(sizeMiB * mebibyte + 10 - mebibyte);
    expect(used.riseMiB()).toBeLessThan(120);
  });

  it('whose output never ends is left at the deadline, and the next request is answered', async () => {
    const sshd = await startSshd();
    onTestFinished(() => sshd[Symbol.asyncDispose]());
    const connection = closing(openConnection(sshd.settings));
    using used = memory();
    const endless = connection.run(login, { script: 'while :; do echo y; done', timeoutMs: 1_000 });
    expect(await shownError(endless)).toContain('timeout HAPB50');
    expect((await connection.run(login, { script: 'echo well' })).stdout).toBe('well\n');
    expect(used.riseMiB()).toBeLessThan(120);
  });
});

describe('a host that is hostile', () => {
  it('cannot send a reply without end: what follows a marker that it repeats is output', async () => {
    const server = await fakeSshd({ exec: endlessReply });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const connection = closing(
      openConnection(
        settingsOf({ port: server.port, hostKeyPolicy: 'off', password: 'x', connectTimeoutMs: 1_500 }),
      ),
    );
    using used = memory();
    const shown = await shownError(connection.run(login, { script: 'true', timeoutMs: 2_000 }));
    expect(shown).toMatch(/HAPB50/);
    expect(used.riseMiB()).toBeLessThan(120);
  });

  it('keeps no more than the limit by sending byte by byte', () => {
    const kept = capture(32_768);
    using used = memory();
    // Each byte is a piece of the packet it came in.
    for (let at = 0; at < 100_000; at += 1) kept.take(Buffer.alloc(16_384, 'x').subarray(0, 1));
    expect(kept.text().length).toBe(32_768);
    expect(used.riseMiB()).toBeLessThan(200);
  });

  it('gets its marker back as output when nothing ends it', () => {
    const output: string[] = [];
    const payloads: string[] = [];
    const stream = markedStream(() => ({
      marker: Buffer.from('NONCE:'),
      take: (bytes) => void output.push(bytes.toString()),
      seen: (payload) => void payloads.push(payload),
    }));
    for (let count = 0; count < 1_000; count += 1) stream.feed(Buffer.from('NONCE:'.repeat(10)));
    stream.feed(Buffer.from('0;'));
    expect(output.join('').length).toBeGreaterThan(58_000);
    expect(payloads).toHaveLength(1);
  });

  it.each([
    ['lines', 'noise\r\n'.repeat(10_000)],
    ['one line', 'x'.repeat(70_000)],
    ['zero bytes', '\0'.repeat(70_000)],
  ])('with a banner of %s without end is left', async (_, piece) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const more = (): void => {
        while (!socket.destroyed && socket.write(piece)) {}
        if (!socket.destroyed) socket.once('drain', () => setImmediate(more));
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const connection = closing(openConnection(settingsOf({ port, connectTimeoutMs: 1_500 })));
    using used = memory();
    expect(await shownError(connection.connect())).toMatch(/^unreachable HAPB50/);
    expect(used.riseMiB()).toBeLessThan(150);
  });
});

/** Repeats what the shell is told to end its reply with, and never ends it. */
function endlessReply(channel: ServerChannel): void {
  channel.once('data', (chunk: Buffer) => {
    const nonce = /hapb_end ([\w-]{16})/.exec(chunk.toString())?.[1] ?? '';
    const piece = `${nonce}:${'x'.repeat(30_000)}`;
    const more = (): void => {
      while (channel.writable && channel.write(piece)) {}
      if (channel.writable) channel.once('drain', () => setImmediate(more));
    };
    more();
  });
}
