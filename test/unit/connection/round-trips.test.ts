import { describe, expect, it } from 'vitest';
import type { ShellUser } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { farAway } from './far-away.ts';
import { startSshd, whyNoSshd } from './real-sshd.ts';

const login: ShellUser = { kind: 'login' };
const roundTripMs = 100;

describe.runIf(whyNoSshd === null)('a host that is far away', () => {
  it('costs one round trip for a request, and as little for fifty', async () => {
    await using sshd = await startSshd();
    await using proxy = await farAway(sshd.port, roundTripMs);
    await using connection = openConnection({ ...sshd.settings, port: proxy.port, hostKeyPolicy: 'off' });
    const run = () => connection.run(login, { script: ':' });
    const trips = async (work: () => Promise<unknown>): Promise<number> => {
      const before = proxy.trips();
      await work();
      return proxy.trips() - before;
    };
    // The versions, the key exchange, the service, the key.
    expect(await trips(() => connection.connect())).toBeLessThanOrEqual(4);
    // Opening the channel, starting the shell, the request: OpenSSH takes no data before the shell runs.
    expect(await trips(run)).toBeLessThanOrEqual(3);
    expect(await trips(run)).toBe(1);
    expect(await trips(() => Promise.all(Array.from({ length: 50 }, run)))).toBe(1);
  });
});
