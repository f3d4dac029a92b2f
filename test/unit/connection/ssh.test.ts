import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../../src/connection/open.ts';
import { type RealSshd, startSshd, whyNoSshd } from './real-sshd.ts';

const login = { kind: 'login' } as const;
const root = { kind: 'become', user: 'root' } as const;
if (whyNoSshd !== null) console.warn(`skipped: ${whyNoSshd}`);

describe.runIf(whyNoSshd === null)('ssh to a real sshd', () => {
  let sshd: RealSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
  });

  it('logs in with a key and runs a request', async () => {
    await using connection = openConnection(sshd.settings);
    const reply = await connection.run(login, { script: 'echo "$1"; echo err >&2; exit 3', args: ["it's"] });
    expect(reply).toEqual({ exitCode: 3, stdout: "it's\n", stderr: 'err\n', droppedBytes: 0 });
  });

  it('runs become requests in a shell of their own', async () => {
    await using connection = openConnection(sshd.settings);
    const [me, other] = await Promise.all([
      connection.run(login, { script: 'id -un' }),
      connection.run({ kind: 'become', user: 'nobody' }, { script: 'id -un' }),
    ]);
    expect([me.stdout, other.stdout]).toEqual(['root\n', 'nobody\n']);
    expect(connection.usage().channels).toBe(2);
  });

  it('measures', async () => {
    await using connection = openConnection(sshd.settings);
    const t0 = performance.now();
    await connection.connect();
    const t1 = performance.now();
    await connection.run(root, { script: ':' });
    const t2 = performance.now();
    for (let i = 0; i < 50; i += 1) await connection.run(root, { script: '/bin/true' });
    const t3 = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => connection.run(root, { script: ':' })));
    const t4 = performance.now();
    console.log({
      connect: t1 - t0,
      first: t2 - t1,
      each: (t3 - t2) / 50,
      fiftyPipelined: t4 - t3,
      usage: connection.usage(),
    });
  });
});
