import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostsEntry } from '../../../../src/modules/general/hosts-entry.ts';
import { addressesIn, editHosts } from '../../../../src/modules/general/hosts-text.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { localHost, shells } from './local-host.ts';

const present = (ip: string, ...names: string[]) =>
  ({ names, ip, state: 'present', exclusive: true }) as const;
const absent = (ip: string | null, ...names: string[]) =>
  ({ names, ip, state: 'absent', exclusive: true }) as const;

describe('a hosts file', () => {
  it('gets a line at its end, even when the last one was not ended', () => {
    expect(editHosts('127.0.0.1 localhost', present('10.0.0.1', 'api'))).toBe(
      '127.0.0.1 localhost\n10.0.0.1\tapi\n',
    );
    expect(editHosts('', present('10.0.0.1', 'a', 'b'))).toBe('10.0.0.1\ta b\n');
  });

  it('has its line turned over to a new address where it stands, with its comment', () => {
    const text = '# top\n10.0.0.1  api # endpoint\n10.0.0.2 other\n';
    expect(editHosts(text, present('10.0.0.9', 'api'))).toBe(
      '# top\n10.0.0.9  api # endpoint\n10.0.0.2 other\n',
    );
  });

  it('loses only this name from a shared line, keeps blanks and CRLF', () => {
    const text = '127.0.1.1\tnode1.example.org  node1 n1 # own\r\n';
    expect(editHosts(text, present('10.0.0.1', 'node1'))).toBe(
      '127.0.1.1\tnode1.example.org n1 # own\r\n10.0.0.1\tnode1\r\n'.replace('org n1', 'org n1'),
    );
  });

  it('is left alone when it says so already, in other case and with doubled lines too', () => {
    const text = '10.0.0.1 API other\n10.0.0.1 api';
    expect(editHosts(text, present('10.0.0.1', 'api'))).toBe(text);
  });

  it('keeps the other address family', () => {
    const text = 'fd00::1 api\n10.0.0.1 api\n';
    expect(editHosts(text, present('10.0.0.2', 'api'))).toBe('fd00::1 api\n10.0.0.2 api\n');
  });

  it('loses names with absent, from all lines or those of an address', () => {
    const text = '10.0.0.1 api\n10.0.0.2 api other\n';
    expect(editHosts(text, absent(null, 'api'))).toBe('10.0.0.2 other\n');
    expect(editHosts(text, absent('10.0.0.1', 'api'))).toBe('10.0.0.2 api other\n');
  });

  it('does not read comments as entries', () => {
    const text = '# 10.0.0.5 api\n';
    expect(editHosts(text, present('10.0.0.1', 'api'))).toBe('# 10.0.0.5 api\n10.0.0.1\tapi\n');
  });

  it('says one thing about a name afterwards, whatever it said before; a second edit changes nothing', () => {
    const name = fc.constantFrom('api', 'API', 'node1', 'node2', 'x');
    const ip = fc.constantFrom('10.0.0.1', '10.0.0.2', '127.0.1.1', 'fd00::1');
    const line = fc.oneof(
      fc
        .tuple(ip, fc.array(name, { minLength: 1, maxLength: 3 }))
        .map(([a, names]) => `${a} \t${names.join('  ')}`),
      fc.constantFrom('', '# comment api', '10.0.0.3 api # c', 'nonsense api'),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (lines, end, closed) => {
          const text = lines.join(end) + (closed ? end : '');
          const once = editHosts(text, present('10.0.0.1', 'api', 'node1'));
          expect(editHosts(once, present('10.0.0.1', 'api', 'node1'))).toBe(once);
          for (const each of ['api', 'node1']) {
            const found = new Set(
              addressesIn(once, each)
                .map((entry) => entry.ip)
                .filter((entry) => entry.includes('.')),
            );
            expect([...found]).toEqual(['10.0.0.1']);
          }
          for (const each of ['node2', 'x']) {
            expect(addressesIn(once, each).map((entry) => entry.ip)).toEqual(
              addressesIn(text, each).map((entry) => entry.ip),
            );
          }
        },
      ),
    );
  });
});

describe('hosts_entry', () => {
  it.each(shells)('edits a file and keeps the old one, in %s', async (shell) => {
    const host = localHost(shell);
    const path = join(host.directory, 'hosts');
    writeFileSync(path, '127.0.0.1 localhost\n');
    const { output } = await expectLawful(hostsEntry, { name: 'api', ip: '10.0.0.1', path }, { host });
    expect(readFileSync(path, 'utf8')).toBe('127.0.0.1 localhost\n10.0.0.1\tapi\n');
    const kept = typeof output.backup_file === 'string' ? output.backup_file : '';
    expect(readFileSync(kept, 'utf8')).toBe('127.0.0.1 localhost\n');
    host.dispose();
  });

  const hosts = (content: string) => ({
    kind: 'file',
    mode: '0644',
    owner: 'root',
    group: 'root',
    sizeBytes: 1,
    sha256: 'x',
    content,
    realPath: '/etc/hosts',
  });
  const identity = { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' };

  it('writes in place where the file is a mount, and trusts what getent says', async () => {
    const host = fakeHost({
      answers: {
        'file:/etc/hosts': hosts(''),
        mounts: [{ path: '/etc/hosts', fileSystem: 'ext4', source: '/dev/x', options: [] }],
        identity,
        'resolves:api': { kind: 'addresses', ipv4: ['10.0.0.7'], ipv6: [] },
        'file:/etc/nsswitch.conf': hosts('passwd: files\nhosts: dns files\n'),
      },
      onRun: () => ({}),
    });
    const args = { name: 'api', ip: '10.0.0.1', backup: false };
    const task = { host: 'n', playHosts: [], searchPath: [], renderText: (text: string) => text };
    const change = hostsEntry.diff(args, await host.ask(hostsEntry.probe(args, task)), task);
    expect(change?.summary).toBe('point api to 10.0.0.1 in /etc/hosts (in place: it is a mount)');
    if (change === null) throw new Error('nothing to do');
    await expect(hostsEntry.apply(change, host)).rejects.toThrow(
      "api still resolves to 10.0.0.7 instead of 10.0.0.1 after the edit: /etc/nsswitch.conf has 'dns' before 'files'",
    );
    expect(host.deeds[0]).toMatchObject({ kind: 'run', call: { sh: 'cat >"$1"', stdin: '10.0.0.1\tapi\n' } });
  });

  it('refuses what is no address and no name', () => {
    const state = { file: { kind: 'absent' as const }, mounts: [], who: identity };
    const task = { host: 'n', playHosts: [], searchPath: [], renderText: (text: string) => text };
    expect(() => hostsEntry.diff({ name: 'api', ip: '10.0.0.1/24' }, state, task)).toThrow(
      "'10.0.0.1/24' is not an IP address",
    );
    expect(() => hostsEntry.diff({ name: 'api:6443', ip: '10.0.0.1' }, state, task)).toThrow(
      "'api:6443' is not a host name",
    );
  });
});
