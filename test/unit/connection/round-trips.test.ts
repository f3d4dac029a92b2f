import { describe, expect, it } from 'vitest';
import type { Connection, ShellUser } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { farAway } from './far-away.ts';
import { type RealSshd, startSshd, whyNoSshd } from './real-sshd.ts';

const login: ShellUser = { kind: 'login' };
const roundTripMs = 100;

async function roundTrips(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / roundTripMs;
}

describe.runIf(whyNoSshd === null)('a host that is far away', () => {
  const run = (connection: Connection) => connection.run(login, { script: ':' });

  const firstRequest = async (sshd: RealSshd): Promise<number> => {
    await using connection = openConnection(sshd.settings);
    await connection.connect();
    return await roundTrips(() => run(connection));
  };

  it('costs one round trip for a request, and as little for fifty', async () => {
    await using sshd = await startSshd();
    // What the login user's own shell and sshd need, which distance does not change.
    const shellStart = await firstRequest(sshd);
    await using proxy = await farAway(sshd.port, roundTripMs);
    await using connection = openConnection({ ...sshd.settings, port: proxy.port, hostKeyPolicy: 'off' });
    const connecting = await roundTrips(() => connection.connect());
    const first = await roundTrips(() => run(connection));
    const second = await roundTrips(() => run(connection));
    const fifty = await roundTrips(() => Promise.all(Array.from({ length: 50 }, () => run(connection))));
    // The socket, the versions, two for the key exchange, the service, two for the key.
    expect(connecting).toBeLessThan(7.5);
    // Opening the channel, starting the shell, the request: OpenSSH takes no data before the shell runs.
    expect(first - shellStart).toBeLessThan(3.5);
    expect(second).toBeLessThan(1.5);
    expect(fifty).toBeLessThan(1.9);
  });
});
