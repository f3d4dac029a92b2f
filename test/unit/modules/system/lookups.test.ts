import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { isMap } from '../../../../src/core/value.ts';
import { ping } from '../../../../src/modules/general/ping.ts';
import { waitForConnection } from '../../../../src/modules/general/wait-for-connection.ts';
import { type GetentArgs, getent } from '../../../../src/modules/system/getent.ts';
import { type KnownHostsArgs, knownHosts } from '../../../../src/modules/system/known-hosts.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from '../general/local-host.ts';
import { recordedText } from './recorded-text.ts';

const task = taskContext();

describe('getent', () => {
  const entries = (args: GetentArgs, exitCode: number, ...lines: readonly string[]) => {
    const state = { exitCode, lines };
    getent.diff(args, state, task);
    const found = getent.output?.(args, state, task).ansible_facts;
    return isMap(found) ? found[`getent_${args.database}`] : undefined;
  };

  it('splits by the ways of the database, and gathers what has one name', () => {
    expect(entries({ database: 'passwd' }, 0, 'root:x:0:0:root:/root:/bin/bash')).toEqual({
      root: ['x', '0', '0', 'root', '/root', '/bin/bash'],
    });
    expect(entries({ database: 'services' }, 0, 'domain  53/tcp', 'domain 53/udp')).toEqual({
      domain: [['53/tcp'], ['53/udp']],
    });
    const shadow = entries({ database: 'shadow' }, 0, 'root:$6$law$hash:19900:0:99999:7:::');
    const root = isMap(shadow) ? shadow.root : undefined;
    expect(Array.isArray(root) && root[0]).toBeInstanceOf(Secret);
  });

  it('fails for what is not there, unless it may be missing', () => {
    expect(entries({ database: 'passwd', key: 'x', fail_key: false }, 2)).toEqual({ x: null });
    expect(() => entries({ database: 'passwd', key: 'x' }, 2)).toThrow('passwd has no entry x');
    expect(() => entries({ database: 'nothing' }, 1)).toThrow('there is no database nothing');
    expect(() => entries({ database: 'initgroups' }, 3)).toThrow('initgroups cannot be listed as a whole');
    expect(() => entries({ database: 'passwd' }, 127)).toThrow('the host has no getent');
  });

  it.each(shells.filter((shell) => shell !== 'busybox'))('finds root, in %s', async (shell) => {
    const host = localHost(shell);
    const found = await host.ask(getent.probe({ database: 'passwd', key: 'root', service: 'files' }, task));
    expect(found.lines[0]).toMatch(/^root:x:0:0:/);
    host.dispose();
  });
});

describe('known_hosts', () => {
  const path = '/root/.ssh/known_hosts';
  const ed = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI';
  const rsa = 'ssh-rsa AAAAB3NzaC1yc2E=';
  const diff = (args: Partial<KnownHostsArgs>, text: string | null) =>
    knownHosts.diff({ name: 'a.org', path, ...args }, recordedText(path, text), task);
  const text = (args: Partial<KnownHostsArgs>, before: string): string =>
    String(diff(args, before)?.plan.content ?? before);

  it('adds a key, replaces one of its type, and keeps others', () => {
    expect(text({ key: `a.org ${ed}` }, `b.org ${rsa}\n`)).toBe(`b.org ${rsa}\na.org ${ed}\n`);
    expect(text({ key: `a.org ${ed}` }, `a.org ssh-ed25519 AAAA\na.org ${rsa}\n`)).toBe(
      `a.org ${rsa}\na.org ${ed}\n`,
    );
    expect(diff({ key: `a.org ${ed}` }, `a.org,10.0.0.1 ${ed}\n`)).toBeNull();
  });

  it('writes and finds hashed names', () => {
    const hashed = text({ key: `a.org ${ed}`, hash_host: true }, '');
    expect(hashed).toMatch(/^\|1\|[^|]+\|[^|]+ ssh-ed25519 AAAA/);
    expect(diff({ key: `a.org ${ed}`, hash_host: true }, hashed)).toBeNull();
    expect(text({ key: `a.org ${ed}` }, hashed)).toBe(`a.org ${ed}\n`);
    expect(text({ state: 'absent' }, hashed)).toBe('');
  });

  it('forgets all keys of a host, or those that are named', () => {
    const both = `a.org ${ed}\na.org ${rsa}\nb.org ${rsa}\n`;
    expect(text({ state: 'absent' }, both)).toBe(`b.org ${rsa}\n`);
    expect(text({ state: 'absent', key: `a.org ${rsa}` }, both)).toBe(`a.org ${ed}\nb.org ${rsa}\n`);
    expect(diff({ state: 'absent' }, null)).toBeNull();
  });

  it('says what is wrong with a key', () => {
    expect(() => diff({ key: `b.org ${ed}` }, '')).toThrow('the key is of b.org, not of a.org');
    expect(() => diff({ key: ed }, '')).toThrow('the key is no line of known_hosts');
    expect(() => diff({}, '')).toThrow('known_hosts needs a key');
  });
});

describe('asking whether it is there', () => {
  it('ping crashes when it is told to', () => {
    expect(ping.diff({}, 'pong', task)).toBeNull();
    expect(() => ping.diff({ data: 'crash' }, 'crash', task)).toThrow('ping crashes');
  });

  it('wait_for_connection tries until commands run, and gives up in time', async () => {
    let tries = 0;
    const change = waitForConnection.diff({ sleep: 0, timeout: 5 }, null, task);
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      onRun: () => {
        tries += 1;
        return { exitCode: tries < 3 ? 1 : 0 };
      },
    });
    expect(await waitForConnection.apply(change, host)).toEqual({ changed: false, elapsed: 0 });
    expect(tries).toBe(3);
    const never = waitForConnection.diff({ sleep: 0, timeout: 0 }, null, task);
    if (never === null) throw new Error('nothing to do');
    await expect(
      waitForConnection.apply(never, fakeHost({ onRun: () => ({ exitCode: 1 }) })),
    ).rejects.toThrow('the host could not be worked on within 0 s');
  });
});
