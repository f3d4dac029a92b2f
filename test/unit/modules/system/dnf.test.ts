import { describe, expect, it } from 'vitest';
import { findModule, moduleNames } from '../../../../src/modules/registry.ts';
import { type DnfState, dnf } from '../../../../src/modules/system/dnf.ts';
import type { DnfArgs } from '../../../../src/modules/system/dnf-args.ts';
import { parseUpgrades, rpmOf } from '../../../../src/modules/system/rpm.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';

const task = taskContext();
const chrony = [{ name: 'chrony', version: '4.3-1.el9' }];
const plan = (args: DnfArgs, state: Partial<DnfState> = {}) =>
  dnf.diff(args, { packages: [[]], upgrades: new Map(), ...state }, task);

describe('what rpm and dnf say', () => {
  const read = (stdout: string) =>
    fakeHost({ answers: { 'rpm:chrony': rawReply({ stdout }) } }).ask(rpmOf('chrony'));

  it('of a package is read, with its epoch where it has one', async () => {
    expect(await read('chrony|0:4.3-1.el9|x86_64\n')).toEqual(chrony);
    expect(await read('bind|32:9.16-1.el9|x86_64\n')).toEqual([{ name: 'bind', version: '32:9.16-1.el9' }]);
    expect(await read('')).toEqual([]);
    await expect(read('no-rpm\n')).rejects.toThrow('the host has no rpm');
    await expect(read('no-file\n')).rejects.toThrow('chrony is no package file on the host');
  });

  it('of upgrades is read from both generations of dnf, long names too', () => {
    const old = `Available Upgrades
chrony.x86_64                         4.5-1.el9                    baseos
a-package-with-a-very-long-name-indeed.noarch
                                      2:1.0-3.el9                  appstream
`;
    const reply = { exitCode: 0, stdout: old, stderr: '', droppedBytes: 0 };
    expect(parseUpgrades(reply)).toEqual(
      new Map([
        ['chrony', '4.5-1.el9'],
        ['a-package-with-a-very-long-name-indeed', '2:1.0-3.el9'],
      ]),
    );
    const none = { ...reply, exitCode: 1, stdout: 'Error: No matching Packages to list\n' };
    expect(parseUpgrades(none)).toEqual(new Map());
    const blind = {
      ...reply,
      exitCode: 1,
      stdout: 'Error: Cache-only enabled but no cache for repo baseos\n',
    };
    expect(parseUpgrades(blind)).toBe('unknown');
  });
});

describe('dnf', () => {
  it('installs what is missing, with the options that are asked for', () => {
    const change = plan(
      {
        name: 'chrony,tuned',
        enablerepo: ['crb', 'epel'],
        exclude: 'kernel*',
        disable_gpg_check: true,
        install_weak_deps: false,
      },
      { packages: [[], [{ name: 'tuned', version: '2' }]] },
    );
    expect(change?.commands).toEqual([
      "dnf -y -q --enablerepo=crb --enablerepo=epel --exclude='kernel*' --nogpgcheck --setopt=install_weak_deps=False install chrony",
    ]);
    expect(change?.effects.map(({ key }) => key)).toEqual(['rpm:chrony', 'package:chrony']);
    expect(plan({ name: 'chrony' }, { packages: [chrony] })).toBeNull();
  });

  it('takes the newest version or an older one as told', () => {
    const command = (args: DnfArgs) => plan({ name: 'chrony', ...args })?.commands[0];
    expect(command({})).toBe('dnf -y -q install chrony');
    expect(command({ best: true })).toBe('dnf -y -q --best install chrony');
    expect(command({ nobest: false })).toBe('dnf -y -q --best install chrony');
    expect(command({ best: false })).toBe('dnf -y -q --nobest install chrony');
    expect(command({ nobest: true })).toBe('dnf -y -q --nobest install chrony');
  });

  it('only reads the lists where nothing is named, which counts as no change', async () => {
    const change = plan({ update_cache: true, enablerepo: 'epel' }, { packages: [] });
    if (change === null) throw new Error('nothing to do');
    expect(change.commands).toEqual(['dnf -y -q --enablerepo=epel makecache']);
    expect(change.effects.map(({ key }) => key)).toEqual(['rpm-lists']);
    const host = fakeHost({
      onDurable: () => ({ kind: 'finished', exitCode: 0, output: '', adopted: false }),
    });
    const result = { changed: false, results: [], rc: 0, msg: 'Cache updated' };
    expect(await dnf.apply(change, host)).toEqual(result);
    expect(dnf.foreseen?.(change)).toEqual(result);
  });

  it('is yum, too', () => {
    expect(findModule('yum')).toBe(dnf);
    expect(moduleNames.refused('yum')).toBeNull();
  });

  it('removes what is there', () => {
    const change = plan({ name: 'chrony', state: 'absent' }, { packages: [chrony] });
    expect(change?.commands).toEqual(['dnf -y -q remove chrony']);
    expect(change?.edits).toEqual([{ subject: 'package chrony', before: '4.3-1.el9\n', after: null }]);
    expect(plan({ name: 'chrony', state: 'removed' })).toBeNull();
    expect(plan({ state: 'absent', autoremove: true }, { packages: [] })?.forecast.kind).toBe('unknown');
  });

  it('upgrades what has a newer version, and says when it cannot know', () => {
    expect(plan({ name: 'chrony', state: 'latest' }, { packages: [chrony] })).toBeNull();
    const upgrades = new Map([['chrony', '4.5-1.el9']]);
    const change = plan({ name: 'chrony', state: 'latest' }, { packages: [chrony], upgrades });
    expect(change?.commands).toEqual(['dnf -y -q upgrade chrony']);
    expect(change?.edits).toEqual([
      { subject: 'package chrony', before: '4.3-1.el9\n', after: '4.5-1.el9\n' },
    ]);
    const blind = plan({ name: '*', state: 'latest' }, { packages: [], upgrades: 'unknown' });
    expect(blind?.forecast.kind).toBe('unknown');
    expect(blind?.commands).toEqual(['dnf -y -q upgrade']);
  });

  it('says what cannot be', async () => {
    expect(() => plan({ name: '@development' })).toThrow('@development is a group');
    expect(() => plan({ name: 'https://example.org/x.rpm' })).toThrow(
      'https://example.org/x.rpm is an address',
    );
    expect(() => plan({})).toThrow('neither packages nor update_cache are named');
    const change = plan({ name: 'chrony' });
    if (change === null) throw new Error('nothing to do');
    const output = 'Error: Unable to find a match: chrony\n';
    const host = fakeHost({ onDurable: () => ({ kind: 'finished', exitCode: 1, output, adopted: false }) });
    await expect(dnf.apply(change, host)).rejects.toMatchObject({
      problem: {
        message: 'cannot install chrony: dnf failed',
        hint: 'Correct the name, or enable its source with `enablerepo`.',
      },
    });
  });

  it('looks whether it came about', async () => {
    const change = plan({ name: 'chrony' });
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      answers: { 'rpm:chrony': [] },
      onDurable: () => ({ kind: 'finished', exitCode: 0, output: '', adopted: false }),
    });
    await expect(dnf.apply(change, host)).rejects.toThrow('package chrony: not converged');
    host.teach('rpm:chrony', chrony);
    expect(await dnf.apply(change, host)).toEqual({ results: ['install chrony'], rc: 0, msg: '' });
  });
});
