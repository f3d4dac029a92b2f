import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { askingForKeys } from '../../../src/cli/host-keys.ts';
import { openConnection } from '../../../src/connection/open.ts';
import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import type { OpenConnection } from '../../../src/modules/host/pool.ts';
import { type RealSshd, startSshd, whyNoSshd } from '../connection/real-sshd.ts';
import { shownError } from '../connection/shown.ts';

const login = { kind: 'login' } as const;
let questions: string[] = [];
beforeEach(() => {
  questions = [];
});

/** Somebody who gives these answers, one after the other. */
function person(...answers: readonly (string | null)[]) {
  const left = [...answers];
  return (question: string): Promise<string | null> => {
    questions.push(question);
    return Promise.resolve(left.shift() ?? null);
  };
}

/** What each host says when all are reached at once; an error in words. */
function reachAll(open: OpenConnection, hosts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    hosts.map(async (host) => {
      await using connection = await open(host, null);
      if (connection === null) throw new Error(`no ${host}`);
      const said = connection
        .connect()
        .then(() => connection.run(login, { script: 'echo "in $1"', args: [host] }));
      return said.then(
        ({ stdout }) => stdout.trim(),
        async () => (await shownError(said)).split('\n')[0] ?? '',
      );
    }),
  );
}

describe.runIf(whyNoSshd === null)('unknown host keys', () => {
  const openers =
    (hosts: Readonly<Record<string, ConnectionSettings>>): OpenConnection =>
    (host) => {
      const settings = hosts[host];
      return Promise.resolve(settings === undefined ? null : openConnection({ ...settings, host }));
    };
  const plainly = (text: string, ...sshds: readonly RealSshd[]): string =>
    sshds
      .reduce(
        (left, { port, directory }, index) =>
          left.replaceAll(String(port), `PORT${index}`).replaceAll(directory, `DIR${index}`),
        text,
      )
      .replaceAll(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:HASH');

  it('of all hosts are shown once with their fingerprints, and one question takes all', async () => {
    await using one = await startSshd();
    await using two = await startSshd();
    const file = join(one.directory, 'mine');
    const hosts = {
      cp1: { ...one.settings, knownHostsFiles: [file] },
      alias: { ...one.settings, knownHostsFiles: [file] },
      cp2: { ...two.settings, knownHostsFiles: [file] },
      known: two.settings,
    };
    const open = askingForKeys(openers(hosts), person('yes'));
    expect(await reachAll(open, Object.keys(hosts))).toEqual(['in cp1', 'in alias', 'in cp2', 'in known']);
    expect(plainly(questions.join('\n---\n'), one, two)).toMatchInlineSnapshot(`
      "These host keys are not known:
        alias, cp1  127.0.0.1:PORT0  ssh-ed25519 SHA256:HASH
        cp2  127.0.0.1:PORT1  ssh-ed25519 SHA256:HASH
      Compare them with what \`ssh-keygen -lf /etc/ssh/ssh_host_TYPE_key.pub\` prints on the console of each host.
      Accept them and write them to DIR0/mine? (yes/no): "
    `);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it.each(['no', '', 'y', null])(
    'are not taken for the answer %j, and not asked for again',
    async (answer) => {
      await using sshd = await startSshd();
      const file = join(sshd.directory, 'mine');
      const open = askingForKeys(
        openers({ cp1: { ...sshd.settings, knownHostsFiles: [file] } }),
        person(answer, 'yes'),
      );
      for (let times = 0; times < 2; times += 1)
        expect((await reachAll(open, ['cp1']))[0]).toContain('host-key HAPB5010: cp1: the key of');
      expect(questions).toHaveLength(1);
      expect(existsSync(file)).toBe(false);
    },
  );

  it('of jump hosts come first, then those behind them', async () => {
    await using gate = await startSshd();
    await using host = await startSshd();
    const file = join(gate.directory, 'mine');
    const jumps = [{ user: null, address: '127.0.0.1', port: gate.port }];
    const both = join(gate.directory, 'authorized_keys');
    writeFileSync(
      both,
      readFileSync(both, 'utf8') + readFileSync(join(host.directory, 'authorized_keys'), 'utf8'),
    );
    const open = askingForKeys(
      openers({ cp1: { ...host.settings, jumps, knownHostsFiles: [file] } }),
      person('yes', 'YES'),
    );
    expect(await reachAll(open, ['cp1'])).toEqual(['in cp1']);
    expect(questions.map((question) => /jump host/.test(question))).toEqual([true, false]);
  });

  it('that changed are never asked about', async () => {
    await using sshd = await startSshd();
    await using other = await startSshd();
    const key = readFileSync(join(other.directory, 'host_ed25519.pub'), 'utf8');
    const file = join(sshd.directory, 'mine');
    writeFileSync(file, `[127.0.0.1]:${sshd.port} ${key}`);
    const open = askingForKeys(
      openers({ cp1: { ...sshd.settings, knownHostsFiles: [file] } }),
      person('yes'),
    );
    expect((await reachAll(open, ['cp1']))[0]).toContain('HAPB5011');
    expect(questions).toEqual([]);
  });

  it('that cannot be written down are said to be so', async () => {
    await using sshd = await startSshd();
    writeFileSync(join(sshd.directory, 'a-file'), '');
    const knownHostsFiles = [join(sshd.directory, 'a-file', 'known_hosts')];
    const open = askingForKeys(openers({ cp1: { ...sshd.settings, knownHostsFiles } }), person('yes'));
    expect((await reachAll(open, ['cp1']))[0]).toContain('HAPB5014');
  });

  it('are an error where nobody can be asked', async () => {
    await using sshd = await startSshd();
    const knownHostsFiles = [join(sshd.directory, 'mine')];
    const open = askingForKeys(openers({ cp1: { ...sshd.settings, knownHostsFiles } }), null);
    expect((await reachAll(open, ['cp1']))[0]).toContain('HAPB5010');
  });
});
