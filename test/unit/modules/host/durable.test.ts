import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../../../src/connection/open.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { fileSpan } from '../../../../src/core/source.ts';
import type { Site } from '../../../../src/modules/host/asking.ts';
import { HostPool } from '../../../../src/modules/host/pool.ts';
import { hostWriter } from '../../../../src/modules/host/writer.ts';
import type { DurableCommand, DurableResult } from '../../../../src/modules/module.ts';

const local = {
  host: 'localhost',
  span: fileSpan('inventory.yml'),
  kind: 'local',
  address: 'localhost',
  port: 22,
  user: 'root',
  password: null,
  privateKeyFiles: [],
  keyPassphrase: null,
  agentSocket: null,
  knownHostsFiles: [],
  hostKeyPolicy: 'strict',
  jumps: [],
  connectTimeoutMs: 5000,
  become: null,
} as const;

const pools: HostPool[] = [];

/** A site of its own: what another hapb on another controller would be. */
function freshSite(stopping = new AbortController().signal): Site {
  const pool = new HostPool({ open: () => Promise.resolve(openConnection(local)), stopping });
  pools.push(pool);
  return {
    pool,
    host: 'localhost',
    user: { kind: 'login' },
    way: null,
    signal: new AbortController().signal,
    environment: new Map(),
  };
}

const runDurable = (site: Site, command: DurableCommand): Promise<DurableResult> =>
  hostWriter(site, () => undefined).durable(command);

const resource = (): string => `test ${randomBytes(6).toString('hex')}`;

describe.runIf(process.getuid?.() === 0)('a durable command', () => {
  let site: Site;
  beforeAll(() => {
    site = freshSite();
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  });

  it('gives lines as they come, then output and exit code, and leaves nothing behind', async () => {
    const name = resource();
    const lines: string[] = [];
    const result = await runDurable(site, {
      resource: name,
      sh: 'echo "got $1"; cat; echo oops >&2; exit 7',
      args: ["an 'argument'"],
      stdin: 'from stdin\n',
      timeoutMs: 20_000,
      onLine: (line) => lines.push(line),
    });
    expect(result).toEqual({
      kind: 'finished',
      exitCode: 7,
      output: "got an 'argument'\nfrom stdin\noops\n",
      adopted: false,
    });
    expect(lines).toEqual(["got an 'argument'", 'from stdin', 'oops']);
    expect(existsSync(`/run/hapb/durable/${name.replace(' ', '_')}`)).toBe(false);
  });

  it('is left running when `until` says so, and followed by the next call instead of being started twice', async () => {
    const name = resource();
    const sh = 'echo begin; sleep 2; echo end';
    const first = await runDurable(site, {
      resource: name,
      sh,
      timeoutMs: 20_000,
      until: () => Promise.resolve(true),
    });
    expect(first.kind).toBe('running');
    const second = await runDurable(freshSite(), { resource: name, sh: 'echo never', timeoutMs: 20_000 });
    expect(second).toEqual({ kind: 'finished', exitCode: 0, output: 'begin\nend\n', adopted: true });
  });

  it('whose end nobody saw counts where that is asked for, once, and else makes room', async () => {
    const name = resource();
    const unseen = async (): Promise<void> => {
      const until = (): Promise<boolean> => Promise.resolve(true);
      await runDurable(site, { resource: name, sh: 'sleep 0.2; echo old; exit 3', timeoutMs: 20_000, until });
      const rc = `/run/hapb/durable/${name.replace(' ', '_')}/rc`;
      while (!existsSync(rc)) await sleep(20);
    };
    const again = { resource: name, sh: 'echo new', timeoutMs: 20_000 };
    await unseen();
    const counted = await runDurable(freshSite(), { ...again, unseen: 'counts' });
    expect(counted).toEqual({ kind: 'finished', exitCode: 3, output: 'old\n', adopted: true });
    const next = await runDurable(freshSite(), { ...again, unseen: 'counts' });
    expect(next).toEqual({ kind: 'finished', exitCode: 0, output: 'new\n', adopted: false });
    await unseen();
    const started = await runDurable(freshSite(), again);
    expect(started).toEqual({ kind: 'finished', exitCode: 0, output: 'new\n', adopted: false });
  });

  it('started twice at the same moment runs once', async () => {
    const name = resource();
    const start = (at: Site) =>
      runDurable(at, { resource: name, sh: 'echo once; sleep 1', timeoutMs: 20_000 });
    const results = await Promise.all([start(site), start(freshSite())]);
    expect(results.map((result) => result.kind === 'finished' && result.adopted).sort()).toEqual([
      false,
      true,
    ]);
    expect(results.find((result) => result.kind === 'finished' && !result.adopted)?.output).toBe('once\n');
  });

  it('is left running when the run is asked to end, and followed by the next one', async () => {
    const name = resource();
    const stop = new AbortController();
    const left = runDurable(freshSite(stop.signal), {
      resource: name,
      sh: 'echo begin; sleep 2; echo end',
      timeoutMs: 20_000,
      onLine: () => stop.abort(),
    });
    const thrown = await left.catch((error: unknown) => error);
    expect((thrown as Failure).problem).toMatchObject({
      code: 'HAPB7023',
      message: `"${name}" goes on on localhost: hapb was asked to end, and left it running`,
    });
    const second = await runDurable(site, { resource: name, sh: 'echo never', timeoutMs: 20_000 });
    expect(second).toMatchObject({ output: 'begin\nend\n', adopted: true });
  });

  it('survives the end of the connection that started it', async () => {
    const name = resource();
    const doomed = freshSite();
    const first = await runDurable(doomed, {
      resource: name,
      sh: 'sleep 2; echo survived',
      timeoutMs: 20_000,
      until: () => Promise.resolve(true),
    });
    expect(first.kind).toBe('running');
    await doomed.pool[Symbol.asyncDispose]();
    const second = await runDurable(site, { resource: name, sh: 'echo never', timeoutMs: 20_000 });
    expect(second).toMatchObject({ output: 'survived\n', adopted: true });
  });

  it('that was killed is said to be killed, and makes room for the next', async () => {
    const name = resource();
    const folder = `/run/hapb/durable/${name.replace(' ', '_')}`;
    const running = runDurable(site, { resource: name, sh: 'echo begin; sleep 60', timeoutMs: 20_000 });
    const settled = running.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await sleep(1000);
    const kill = 'read -r pid rest <"$1/pid"; kill -KILL "-$pid"';
    await site.pool.run(site, { script: kill, args: [folder] });
    const thrown = await settled;
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).problem).toMatchObject({
      code: 'HAPB7021',
      message: `"${name}" on localhost was killed before it ended`,
      details: 'begin',
    });
    const next = await runDurable(site, { resource: name, sh: 'echo again', timeoutMs: 20_000 });
    expect(next).toMatchObject({ output: 'again\n', adopted: false });
  });

  it('keeps multi-byte output whole across polls', async () => {
    const sh = 'i=0; while [ $i -lt 40 ]; do printf "größe %s\\n" "$i"; i=$((i + 1)); sleep 0.03; done';
    const result = await runDurable(site, { resource: resource(), sh, timeoutMs: 20_000 });
    expect(result.output.split('\n').filter((line) => line.startsWith('größe '))).toHaveLength(40);
  });
});
