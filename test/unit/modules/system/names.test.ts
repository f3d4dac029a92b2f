import { describe, expect, it } from 'vitest';
import { hostName, hostNameEffect } from '../../../../src/modules/asks/host-name.ts';
import { facts } from '../../../../src/modules/general/facts.ts';
import { hostname } from '../../../../src/modules/system/hostname.ts';
import { timezone } from '../../../../src/modules/system/timezone.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from '../general/local-host.ts';
import { recordedText } from './recorded-text.ts';

const task = taskContext();
describe('hostname', () => {
  const diff = (name: string, running: string, file: string | null) =>
    hostname.diff(
      { name },
      { running, file: recordedText('/etc/hostname', file), fqdn: running === 'cp1' ? 'cp1.lab' : '' },
      task,
    );

  it('sets what differs of kernel and file', () => {
    expect(diff('cp1', 'cp1', 'cp1\n')).toBeNull();
    expect(diff('cp1', 'cp1', '# ours\ncp1\n')).toBeNull();
    expect(diff('cp1', 'old', 'cp1\n')).toMatchObject({ kernel: 'set', plan: null });
    const change = diff('cp1', 'cp1', 'old\n');
    expect(change).toMatchObject({ kernel: 'keep', summary: 'call the host cp1' });
    expect(change?.edits).toEqual([{ subject: '/etc/hostname', before: 'old\n', after: 'cp1\n' }]);
  });

  it('corrects the facts, with the domain that the resolver knows', () => {
    const change = diff('cp1', 'cp1', 'old\n');
    expect(change?.result).toEqual({
      name: 'cp1',
      ansible_facts: {
        ansible_hostname: 'cp1',
        ansible_nodename: 'cp1',
        ansible_fqdn: 'cp1.lab',
        ansible_domain: 'lab',
      },
    });
    expect(diff('a.b.c', 'x', null)?.result).toMatchObject({
      ansible_facts: { ansible_hostname: 'a', ansible_fqdn: 'a.b.c', ansible_domain: 'b.c' },
    });
  });

  it('is foreseen for facts that are asked for later', async () => {
    expect(diff('cp1', 'old', null)?.effects[0]).toEqual(hostNameEffect('cp1'));
    const raw = '@uname\nLinux\nold\n';
    const host = fakeHost({ answers: { facts: rawReply({ stdout: raw }), hostname: 'cp1' } });
    const found = await host.ask(facts.probe({}, task));
    expect(found.ansible_facts).toMatchObject({ ansible_nodename: 'cp1', ansible_hostname: 'cp1' });
  });

  it('takes the long name from /etc/hosts', async () => {
    const hosts = '127.0.0.1 localhost\n10.0.0.1 cp1.lab.example cp1 # cp1.old\n';
    const host = fakeHost({
      answers: {
        'fqdn:cp1': rawReply({ stdout: hosts }),
        hostname: 'cp1',
        'file:/etc/hostname': { kind: 'absent' },
        mounts: [],
        identity: {},
      },
    });
    expect((await host.ask(hostname.probe({ name: 'cp1' }, task))).fqdn).toBe('cp1.lab.example');
  });

  it.each(shells)('reads the name, in %s', async (shell) => {
    const host = localHost(shell);
    expect(await host.ask(hostName())).toMatch(/^\S+$/);
    host.dispose();
  });
});

describe('timezone', () => {
  const link = (name: string) =>
    ({ kind: 'link', target: `/usr/share/zoneinfo/${name}`, owner: 'root', group: 'root' }) as const;
  const diff = (args: object, state: object = {}) =>
    timezone.diff(
      args,
      {
        localtime: link('Etc/UTC'),
        timezone: recordedText('/etc/timezone', 'Etc/UTC\n'),
        adjtime: recordedText('/etc/adjtime', null),
        zone: 'known',
        ...state,
      },
      task,
    );

  it('sets the link and the file beside it', () => {
    const change = diff({ name: 'Europe/Berlin' });
    expect(change?.summary).toBe('set the time zone to Europe/Berlin');
    expect(change?.target).toBe('/usr/share/zoneinfo/Europe/Berlin');
    expect(change?.edits).toEqual([
      {
        subject: '/etc/localtime',
        before: 'link to /usr/share/zoneinfo/Etc/UTC\n',
        after: 'link to /usr/share/zoneinfo/Europe/Berlin\n',
      },
      { subject: '/etc/timezone', before: 'Etc/UTC\n', after: 'Europe/Berlin\n' },
    ]);
    expect(diff({ name: 'Etc/UTC' })).toBeNull();
    const relative = {
      kind: 'link',
      target: '../usr/share/zoneinfo/Asia/Tokyo',
      owner: 'root',
      group: 'root',
    };
    const none = recordedText('/etc/timezone', null);
    expect(diff({ name: 'Asia/Tokyo' }, { localtime: relative, timezone: none })).toBeNull();
  });

  it('keeps the first lines of adjtime', () => {
    const adjtime = recordedText('/etc/adjtime', '0.5 1700000000 0.0\n1700000000\nUTC\n');
    expect(diff({ hwclock: 'UTC' }, { adjtime })).toBeNull();
    expect(diff({ hwclock: 'local' }, { adjtime })?.edits[0]?.after).toBe(
      '0.5 1700000000 0.0\n1700000000\nLOCAL\n',
    );
  });

  it('says what the host lacks', () => {
    expect(() => diff({ name: 'Europe/Nowhere' }, { zone: 'unknown' })).toThrow(
      'the host knows no time zone Europe/Nowhere',
    );
    expect(() => diff({ name: 'UTC' }, { zone: 'no-zones' })).toThrow('the host has no time zones');
  });
});
