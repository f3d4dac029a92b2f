import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, ShellReply } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { settingsOf } from './settings-of.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;

describe('a connection to this machine', () => {
  let connection: Connection;
  beforeEach(() => {
    connection = openConnection(settingsOf({ kind: 'local' }));
  });
  afterEach(async () => {
    await connection[Symbol.asyncDispose]();
  });
  const run = (script: string, more: object = {}) => connection.run(login, { script, ...more });

  it('uses one shell for all requests', async () => {
    const pids = await Promise.all([run('echo $$'), run('echo $$')]);
    expect(pids[0].stdout).toBe(pids[1].stdout);
    expect(connection.usage()).toMatchObject({ requests: 2, channels: 1 });
  });

  it('writes requests of one turn in one flight', async () => {
    await run(':');
    const before = connection.usage().flights;
    await Promise.all(Array.from({ length: 20 }, () => run(':')));
    expect(connection.usage().flights - before).toBe(1);
  });

  it('ends a request at its deadline with all its processes, also those in other process groups', async () => {
    const { stdout } = await run('mktemp');
    const file = stdout.trim();
    const failed = shownError(
      run(`sleep 61 & echo $! >${file}; timeout 62 sleep 63 & echo $! >>${file}; echo waiting; sleep 64`, {
        timeoutMs: 300,
      }),
    );
    expect(await failed).toMatchInlineSnapshot(`
      "timeout HAPB5042: cp1: the command took longer than its 0.3 s and was ended with all its processes
      hint: Give it more time with \`timeout:\`, or find out what it waits for; its last output is below, if it had any.
      details: waiting"
    `);
    const alive = await run(
      `for pid in $(cat ${file}); do case $(cut -d' ' -f3 /proc/$pid/stat 2>/dev/null) in ''|Z) ;; *) echo "$pid lives" ;; esac; done; rm ${file}`,
    );
    expect(alive.stdout).toBe('');
  });

  it('runs what waited behind a request that was ended, in order, exactly once', async () => {
    const { stdout } = await run('mktemp');
    const file = stdout.trim();
    const slow = shownError(run('sleep 60', { timeoutMs: 200 }));
    const behind = [1, 2, 3].map((number) => run(`echo ${number} >>${file}`));
    await slow;
    const later = run(`cat ${file}; rm ${file}`);
    await Promise.all(behind);
    expect((await later).stdout).toBe('1\n2\n3\n');
  });

  it('keeps bulky requests in their place between others', async () => {
    const { stdout } = await run('mktemp');
    const file = stdout.trim();
    const stdin = randomBytes(1_500_000);
    const bulky = (): Promise<ShellReply> => run(`wc -c >>${file}`, { stdin, noticesCut: true });
    const all = [
      run(`sleep 0.2; echo 1 >>${file}`),
      bulky(),
      run(`echo 2 >>${file}`),
      bulky(),
      bulky(),
      run(`echo 3 >>${file}`),
    ];
    await Promise.all(all);
    const words = (await run(`cat ${file}; rm ${file}`)).stdout.split('\n');
    expect(words).toEqual(['1', '1500000', '2', '1500000', '1500000', '3', '']);
    // What ran outside of it has left the user's shell as it was.
    expect(connection.usage().channels).toBe(4);
  });

  it('does not hold up what goes beside a bulky request', async () => {
    const folder = (await run('mktemp -d')).stdout.trim();
    const bulky = run(`until [ -e ${folder}/beside ]; do sleep 0.05; done; cat >/dev/null; rm -r ${folder}`, {
      stdin: randomBytes(1_500_000),
      noticesCut: true,
      timeoutMs: 20_000,
    });
    const behind = run(`ls -d ${folder}`);
    expect((await run(`: >${folder}/beside`, { isBeside: true })).exitCode).toBe(0);
    expect((await bulky).exitCode).toBe(0);
    expect((await behind).exitCode).not.toBe(0);
  });

  it('begins nothing before all of its data is there where it would not notice a cut', async () => {
    await run('wc -c', { stdin: randomBytes(1_500_000) });
    expect(connection.usage().channels).toBe(1);
  });

  it('ends a bulky request at its deadline or signal, and goes on', async () => {
    const stdin = randomBytes(1_500_000);
    expect(await shownError(run('sleep 65', { stdin, noticesCut: true, timeoutMs: 200 }))).toContain(
      'was ended with all its',
    );
    const cut = new AbortController();
    const cancelled = shownError(run('sleep 66', { stdin, noticesCut: true, signal: cut.signal }));
    const behind = run('pgrep -f "sleep 6[56]" || echo none');
    setTimeout(() => cut.abort(), 100);
    expect(await cancelled).toContain('HAPB5043');
    expect((await behind).stdout).toBe('none\n');
  });

  it('starts the clock of a deadline when the request begins', async () => {
    const [, reply] = await Promise.all([run('sleep 0.5'), run('echo quick', { timeoutMs: 300 })]);
    expect(reply.stdout).toBe('quick\n');
  });

  it('ends a request when its signal is aborted, and says so', async () => {
    const controller = new AbortController();
    const failed = shownError(run('sleep 60', { signal: controller.signal }));
    setTimeout(() => controller.abort(), 100);
    expect(await failed).toMatchInlineSnapshot(`
      "timeout HAPB5043: cp1: the command was cancelled and was ended with all its processes
      hint: Run again; tasks that are done stay done."
    `);
    expect((await run('echo again')).stdout).toBe('again\n');
  });

  it('does not begin a request whose signal is aborted already', async () => {
    expect(await shownError(run('echo no', { signal: AbortSignal.abort() }))).toMatchInlineSnapshot(`
      "timeout HAPB5043: cp1: the command was cancelled before it began
      hint: Run again; tasks that are done stay done."
    `);
  });

  it('says what was seen when a script ends the shell, and opens another', async () => {
    expect(await shownError(run('echo "about to go" >&2; kill -9 $$; sleep 9'))).toMatchInlineSnapshot(`
      "lost HAPB5041: cp1: the shell on the host ended while a command ran (killed by SIGKILL)
      hint: See whether the command ends its own shell or session, and whether the host ran out of memory (\`dmesg\`); then run again.
      details: about to go"
    `);
    expect((await run('echo again')).stdout).toBe('again\n');
  });

  it('lets durable work with a session of its own live on', async () => {
    const { stdout } = await run('mktemp');
    const file = stdout.trim();
    await shownError(
      run(`setsid sh -c 'echo $$ >${file}; exec sleep 30' >/dev/null 2>&1 & sleep 60`, { timeoutMs: 300 }),
    );
    const alive = await run(`kill -0 $(cat ${file}) && echo lives; kill $(cat ${file}); rm ${file}`);
    expect(alive.stdout).toBe('lives\n');
  });

  it('is not slowed down or filled up by a host that prints without end', async () => {
    const before = process.memoryUsage().rss;
    const reply = await run('head -c 300000000 /dev/zero', { maxOutputBytes: 4_096 });
    expect(reply.droppedBytes).toBe(300_000_000 - 4_096);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('refuses a NUL byte in an argument', async () => {
    await expect(run('echo "$1"', { args: ['a\0b'] })).rejects.toThrow(
      'a text with a NUL byte cannot be passed to a shell',
    );
    expect((await run('echo again')).stdout).toBe('again\n');
  });

  it('starts anew after a reset', async () => {
    const before = (await run('echo $$')).stdout;
    await connection.reset();
    expect((await run('echo $$')).stdout).not.toBe(before);
  });
});
