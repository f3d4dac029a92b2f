import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import type { PackageState } from '../../../../src/modules/asks/package.ts';
import { packageOf } from '../../../../src/modules/asks/package.ts';
import { aptFailure, type Offer, parsePolicy } from '../../../../src/modules/general/apt.ts';
import { armored, looksLikeKey } from '../../../../src/modules/general/armor.ts';
import { packageModule } from '../../../../src/modules/general/package.ts';
import {
  type PackageArgs,
  type PackageModuleState,
  planPackages,
} from '../../../../src/modules/general/package-plan.ts';
import {
  planRepo,
  type RepoArgs,
  type RepoState,
} from '../../../../src/modules/general/package-repo-plan.ts';
import type { TextFile } from '../../../../src/modules/general/text-file.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';

const absent: PackageState = { kind: 'absent', hold: false };
const installed = (version: string, hold = false): PackageState => ({ kind: 'installed', version, hold });
const offer = (...versions: string[]): Offer => ({ candidate: versions[0] ?? null, versions });

function plan(args: Partial<PackageArgs>, now: Partial<PackageModuleState>) {
  const state = {
    packages: [absent],
    offers: new Map(),
    lists: { kind: 'as-is', age: 'fresh' },
    ...now,
  } as const;
  return planPackages({ name: 'kubeadm', ...args }, state);
}

describe('dpkg’s answers', () => {
  const read = async (stdout: string) =>
    fakeHost({ answers: { 'package:x': rawReply({ stdout }) } }).ask(packageOf('x'));

  it('are read, with holds, leftovers and half-done ones', async () => {
    expect(await read('install ok installed|1.2-3\n')).toEqual(installed('1.2-3'));
    expect(await read('hold ok installed|1.2-3\n')).toEqual(installed('1.2-3', true));
    expect(await read('deinstall ok config-files|1.2-3\n')).toEqual(absent);
    expect(await read('unknown ok not-installed|\n')).toEqual(absent);
    expect(await read('install ok half-configured|1.2-3\n')).toEqual({
      kind: 'broken',
      status: 'half-configured',
      hold: false,
    });
    await expect(read('no-dpkg\n')).rejects.toThrow('the host has no dpkg');
  });

  it('on sources are read from apt-cache policy', () => {
    const text = `kubeadm:
  Installed: 1.34.1-1.1
  Candidate: 1.34.2-1.1
  Version table:
     1.34.2-1.1 500
        500 http://example.org/deb  Packages
 *** 1.34.1-1.1 100
        100 /var/lib/dpkg/status
ghost:
  Installed: (none)
  Candidate: (none)
  Version table:
`;
    expect([...parsePolicy(text)]).toEqual([
      ['kubeadm', { candidate: '1.34.2-1.1', versions: ['1.34.2-1.1', '1.34.1-1.1'] }],
      ['ghost', { candidate: null, versions: [] }],
    ]);
  });
});

describe('package', () => {
  it('installs the exact version that a pattern picks, and holds it', () => {
    const change = plan(
      { version: '1.34.*', hold: true },
      { offers: new Map([['kubeadm', offer('1.35.0-1', '1.34.2-1.1')]]) },
    );
    expect(change?.summary).toBe('install kubeadm 1.34.2-1.1 and hold it');
    expect(change?.effects).toEqual([
      { key: 'package:kubeadm', state: { kind: 'installed', version: '1.34.2-1.1', hold: true } },
    ]);
    expect(plan({ version: '1.34.*', hold: true }, { packages: [installed('1.34.1-1.1', true)] })).toBeNull();
  });

  it('only changes the hold where the version is right', () => {
    const change = plan({ hold: true }, { packages: [installed('1')] });
    expect(change?.summary).toBe('hold kubeadm');
    expect(change?.edits).toEqual([{ subject: 'package kubeadm', before: '1\n', after: '1 (held)\n' }]);
  });

  it('says what is offered instead, or that nothing is', () => {
    expect(() => plan({}, {})).toThrow('no source offers a package kubeadm');
    const offers = new Map([['kubeadm', offer('1.34.2-1.1')]]);
    expect(() => plan({ version: '1.34.2' }, { offers })).toThrow(
      'no source offers version 1.34.2 of kubeadm',
    );
  });

  it('does not fail a check for want of lists that an earlier task would read', () => {
    const change = plan({}, { lists: { kind: 'to-be-refreshed' } });
    expect(change?.summary).toBe('install kubeadm');
    expect(change?.steps[0]?.foreseenVersion).toBeInstanceOf(Unknown);
    const exact = plan({ version: '1.34.2-1.1' }, { lists: { kind: 'to-be-refreshed' } });
    expect(exact?.effects[0]?.state).toMatchObject({ version: '1.34.2-1.1' });
  });

  it('leaves open what a pattern picks from lists that are read anew first, in a check and in the run after it', () => {
    const args = { version: '1.34.2-*', update_cache: true } as const;
    const offers = new Map([['kubeadm', offer('1.34.2-1.1')]]);
    const run = plan(args, { offers });
    const check = plan(args, { lists: { kind: 'to-be-refreshed' } });
    expect(run?.summary).toBe('read the package lists anew, install kubeadm 1.34.2-*');
    expect([check?.summary, check?.edits]).toEqual([run?.summary, run?.edits]);
    expect(run?.edits).toEqual([
      { subject: 'package kubeadm', before: null, after: '1.34.2-*\n', fits: { after: '1.34.2-*\n' } },
    ]);
    const later = plan({ hold: true }, { packages: [{ kind: 'installed', version: null, hold: false }] });
    expect(later?.edits).toMatchObject([
      { after: 'installed (held)\n', fits: { before: '*\n', after: '* (held)\n' } },
    ]);
  });

  it('reads lists only for work to do, and cannot foresee the newest from old ones', () => {
    expect(plan({ update_cache: true }, { packages: [installed('1')] })).toBeNull();
    const old = { packages: [installed('1')], lists: { kind: 'as-is', age: 'old' } } as const;
    expect(plan({ state: 'latest', update_cache: true }, old)?.forecast.kind).toBe('unknown');
  });

  it('refuses sources of dnf where they would count, on a host with apt', () => {
    expect(() => plan({ enablerepo: 'epel' }, {})).toThrow(
      'enablerepo means sources of dnf, and this host has apt',
    );
    expect(() => plan({ disablerepo: ['base'] }, {})).toThrow('disablerepo means sources of dnf');
  });

  it.each([
    [undefined, ''],
    [true, '--install-recommends'],
    [false, '--no-install-recommends'],
  ])('leaves recommended packages to the host unless told: %s', async (wanted, option) => {
    const args = wanted === undefined ? {} : { install_recommends: wanted };
    const change = plan(args, { offers: new Map([['kubeadm', offer('1-1')]]) });
    if (change === null) throw new Error('nothing to do');
    const commands: unknown[] = [];
    const host = fakeHost({
      answers: { 'package:kubeadm': absent },
      onDurable: (command) => {
        commands.push(command.args);
        host.teach('package:kubeadm', installed('1-1'));
        return { kind: 'finished', exitCode: 0, output: '', adopted: false };
      },
    });
    await packageModule.apply(change, host);
    expect(commands).toEqual([['keep-lists', option, 'keep', '', '', 'kubeadm']]);
  });

  it('follows another run’s command, then does its own and looks whether it came about', async () => {
    const change = plan({ version: '1-1' }, { offers: new Map([['kubeadm', offer('1-1')]]) });
    if (change === null) throw new Error('nothing to do');
    let runs = 0;
    const host = fakeHost({
      answers: { 'package:kubeadm': absent },
      onDurable: () => {
        runs += 1;
        if (runs === 2) host.teach('package:kubeadm', installed('1-1'));
        return { kind: 'finished', exitCode: 0, output: '', adopted: runs === 1 };
      },
    });
    expect(await packageModule.apply(change, host)).toEqual({ packages: { kubeadm: '1-1' } });
    expect(runs).toBe(2);
    const idle = fakeHost({
      answers: { 'package:kubeadm': absent },
      onDurable: () => ({ kind: 'finished', exitCode: 0, output: '', adopted: false }),
    });
    await expect(packageModule.apply(change, idle)).rejects.toThrow(
      'package kubeadm: not converged, the host still shows absent',
    );
  });

  it('does nothing more where another run’s command was the same', async () => {
    const change = plan({ version: '1-1' }, { offers: new Map([['kubeadm', offer('1-1')]]) });
    if (change === null) throw new Error('nothing to do');
    let runs = 0;
    const host = fakeHost({
      answers: { 'package:kubeadm': absent },
      onDurable: () => {
        runs += 1;
        host.teach('package:kubeadm', installed('1-1'));
        return { kind: 'finished', exitCode: 0, output: '', adopted: true };
      },
    });
    expect(await packageModule.apply(change, host)).toEqual({ packages: { kubeadm: '1-1' } });
    expect(runs).toBe(1);
  });

  it('names the cause that apt’s output holds', () => {
    const locked = aptFailure(
      'cannot install x',
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)',
    );
    expect(locked.problem).toMatchObject({
      code: 'HAPB6083',
      message: 'cannot install x: another package manager holds the lock',
    });
    expect(aptFailure('cannot install x', 'something else').problem.message).toBe(
      'cannot install x: apt failed',
    );
  });
});

describe('package_repo', () => {
  const nothingThere: TextFile = {
    file: { kind: 'absent' },
    mounts: [],
    who: { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' },
  };
  const state: RepoState = { source: nothingThere, key: nothingThere, keyFile: null };
  const armor = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n';
  const add = (args: Partial<RepoArgs>) =>
    planRepo({ name: 'k8s', uris: 'https://example.org/deb/', ...args }, state);

  it('writes source and key, and foresees that lists change', () => {
    const change = add({ key: armor });
    expect(change?.sourceText).toMatchInlineSnapshot(`
      "# Managed by hapb.
      Types: deb
      URIs: https://example.org/deb/
      Suites: /
      Signed-By: /etc/apt/keyrings/k8s.asc
      "
    `);
    expect(change?.effects.map((effect) => effect.key)).toEqual([
      'file:/etc/apt/sources.list.d/k8s.sources',
      'file:/etc/apt/keyrings/k8s.asc',
      'package-lists',
    ]);
  });

  it('takes suites with components, and sources without signature only when told', () => {
    const text = add({ suites: 'bookworm', components: ['main', 'contrib'], trusted: true })?.sourceText;
    expect(text).toContain('Suites: bookworm\nComponents: main contrib\nTrusted: yes\n');
    expect(() => add({ suites: 'bookworm', key: armor })).toThrow('suite bookworm needs components');
    expect(() => add({})).toThrow('the package source k8s has no key');
    expect(() => add({ key: '<html>' })).toThrow(
      'the key of the package source k8s is no OpenPGP public key',
    );
  });

  it('takes the words of deb822_repository', () => {
    const fetched = add({ types: ['deb', 'deb-src'], signed_by: 'https://example.org/key' });
    expect(fetched?.sourceText).toContain('Types: deb deb-src\n');
    expect(fetched?.sourceText).toContain('Signed-By: /etc/apt/keyrings/k8s.asc\n');
    expect(fetched).toMatchObject({ key: 'fetch', args: { key_url: 'https://example.org/key' } });
    expect(add({ signed_by: armor })?.effects.map(({ key }) => key)).toContain(
      'file:/etc/apt/keyrings/k8s.asc',
    );
    const there = add({ signed_by: '/usr/share/keyrings/k8s.gpg' });
    expect(there?.sourceText).toContain('Signed-By: /usr/share/keyrings/k8s.gpg\n');
    expect(there?.key).toBeNull();
    expect(there?.effects.map(({ key }) => key)).not.toContain('file:/etc/apt/keyrings/k8s.asc');
  });

  it('armors a binary key as gpg does', () => {
    const bytes = Uint8Array.from([0x99, 0x01, 0x02, 0x03]);
    expect(looksLikeKey(bytes)).toBe(true);
    expect(armored(bytes)).toBe(
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQECAw==\n=tCvr\n-----END PGP PUBLIC KEY BLOCK-----\n',
    );
    expect(armored(armor)).toBe(armor);
  });
});
