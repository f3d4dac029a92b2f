import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openConnection } from '../../../../src/connection/open.ts';
import type { Site } from '../../../../src/modules/host/asking.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';
import { hostWriter } from '../../../../src/modules/host/writer.ts';
import { startSshd, whyNoSshd } from '../../connection/real-sshd.ts';
import { shownError } from '../../connection/shown.ts';

/** A way to a port that lets so many bytes pass to it, and is cut then. */
async function narrowWay(port: number, mostBytes: number): Promise<number> {
  const way = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    let passed = 0;
    socket.on('data', (bytes) => {
      passed += bytes.length;
      if (passed <= mostBytes) onward.write(bytes);
      else for (const each of [socket, onward]) each.destroy();
    });
    onward.on('data', (bytes) => socket.write(bytes));
    for (const each of [socket, onward]) each.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void way.close());
  const address = way.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.runIf(whyNoSshd === null)('a large file whose connection is lost on the way', () => {
  it('leaves the old one in place, and nothing beside it', async () => {
    await using sshd = await startSshd();
    const port = await narrowWay(sshd.port, 3_000_000);
    writeFileSync(
      sshd.knownHosts,
      readFileSync(sshd.knownHosts, 'utf8').replace(`:${sshd.port} `, `:${port} `),
    );
    const folder = mkdtempSync(join(tmpdir(), 'hapb-cut-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'it');
    writeFileSync(path, 'old\n');
    await using pool = new HostPool({
      open: () => Promise.resolve(openConnection({ ...sshd.settings, port })),
    });
    const site: Site = {
      pool,
      host: 'cp1',
      user: { kind: 'login' },
      way: null,
      signal: new AbortController().signal,
      environment: new Map(),
    };
    const content = Buffer.alloc(20_000_000, 'x');
    const written = hostWriter(site, () => undefined).write({
      path,
      content,
      mode: '0644',
      owner: null,
      group: null,
    });
    expect(await shownError(written)).toContain('HAPB5040');
    // The script ends when the host sees that nobody is there any more.
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['it']), { timeout: 20_000, interval: 50 });
    expect(readFileSync(path, 'utf8').slice(0, 100)).toBe('old\n');
  });
});
