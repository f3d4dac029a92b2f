import { describe, expect, it } from 'vitest';
import type { BecomeSettings } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { Slots } from '../../../src/core/slots.ts';
import { startSshd, whyNoSshd } from './real-sshd.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;
const other = { kind: 'become', user: 'root' } as const;
/** Leads to a shell wherever the tests run. */
const become: BecomeSettings = {
  method: 'sudo',
  user: 'root',
  password: null,
  flags: [],
  program: ['sh', '-c', 'exec /bin/sh', 'sudo'],
};
const kinds = ['ssh', 'openssh'] as const;

describe.runIf(whyNoSshd === null)('the limits of an sshd', () => {
  it.each(kinds)('MaxSessions 1: several users and the end of a slow command work over %s', async (kind) => {
    await using sshd = await startSshd(['MaxSessions 1']);
    await using connection = openConnection({ ...sshd.settings, kind, become });
    expect((await connection.run(login, { script: 'echo one' })).stdout).toBe('one\n');
    expect((await connection.run(other, { script: 'echo two' })).stdout).toBe('two\n');
    const bulky = await connection.run(other, {
      script: 'wc -c',
      stdin: 'x'.repeat(2_000_000),
      noticesCut: true,
    });
    expect(bulky.stdout).toBe('2000000\n');
    const slow = shownError(connection.run(login, { script: 'timeout 76 sleep 77', timeoutMs: 300 }));
    expect(await slow).toContain('was ended with all its processes');
    const left = await connection.run(login, { script: 'pgrep -f "timeout 7[6]" || echo none' });
    expect(left.stdout).toBe('none\n');
  });

  it('MaxSessions 0: it is said that no channel is opened', async () => {
    await using sshd = await startSshd(['MaxSessions 0']);
    await using connection = openConnection(sshd.settings);
    expect(await shownError(connection.run(login, { script: ':' }))).toContain(
      'HAPB5045: cp1: the host opens no channel, not even on a connection of its own',
    );
  });

  it('MaxStartups 10:30:100: thirty hosts behind one jump host are all reached', async () => {
    await using jump = await startSshd(['MaxStartups 10:30:100', 'MaxSessions 1']);
    const behind = { user: null, address: '127.0.0.1', port: jump.port };
    const settings = { ...jump.settings, jumps: [behind], connectTimeoutMs: 20_000 };
    const words = Array.from({ length: 30 }, async (_, index) => {
      await using connection = openConnection(settings);
      return (await connection.run(login, { script: 'echo "$1"', args: [`${index}`] })).stdout;
    });
    expect(await Promise.all(words)).toEqual(Array.from({ length: 30 }, (_, index) => `${index}\n`));
  });

  it.each(kinds)('MaxStartups 2:100:2: who is dropped comes again over %s', async (kind) => {
    await using sshd = await startSshd(['MaxStartups 2:100:2']);
    const all = Array.from({ length: 6 }, async () => {
      await using connection = openConnection({ ...sshd.settings, kind, connectTimeoutMs: 20_000 });
      return (await connection.run(login, { script: 'echo in' })).stdout;
    });
    expect(await Promise.all(all)).toEqual(Array.from({ length: 6 }, () => 'in\n'));
  });

  it('a start file that is slow delays the shell and nothing else', async () => {
    await using sshd = await startSshd(['ForceCommand sleep 2; eval "$SSH_ORIGINAL_COMMAND"']);
    await using connection = openConnection({ ...sshd.settings, connectTimeoutMs: 1_000 });
    expect((await connection.run(login, { script: 'echo in' })).stdout).toBe('in\n');
  });
});

describe('slots', () => {
  it('let as many go on as there are, in order, also after one that failed', async () => {
    const slots = new Slots(2);
    const seen: string[] = [];
    let now = 0;
    let most = 0;
    const work = (name: string) => async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      seen.push(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      if (name === 'b') throw new Error('b');
    };
    const all = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => slots.run(work(name))));
    expect(all.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect({ seen: seen.join(''), most }).toEqual({ seen: 'abcde', most: 2 });
  });
});
