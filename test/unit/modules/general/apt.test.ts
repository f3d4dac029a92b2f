import { describe, expect, it } from 'vitest';
import { packageLists } from '../../../../src/modules/asks/package-lists.ts';
import type { AptArgs } from '../../../../src/modules/general/apt-args.ts';
import { apt } from '../../../../src/modules/general/apt-module.ts';
import { type AptState, planApt } from '../../../../src/modules/general/apt-plan.ts';
import { debFile, parseSimulation, type Simulation } from '../../../../src/modules/general/apt-simulation.ts';
import { compareVersions } from '../../../../src/modules/general/debian-version.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';

const absent = { kind: 'absent', hold: false } as const;
const installed = (version: string) => ({ kind: 'installed', version, hold: false }) as const;
const nothing: Simulation = { kind: 'ok', packages: [], cleaned: 0 };

function plan(args: AptArgs, state: Partial<AptState> = {}) {
  return planApt(args, {
    packages: [absent],
    offers: new Map([['chrony', { candidate: '4.3-2', versions: ['4.3-2'] }]]),
    lists: { kind: 'as-is', age: 'fresh', readAt: 1_700_000_000 },
    upgrade: null,
    fixed: null,
    leftovers: null,
    autoclean: null,
    archives: null,
    deb: null,
    ...state,
  });
}
const old = { kind: 'as-is', age: 'old', readAt: 1_700_000_000 } as const;

describe('versions of Debian', () => {
  it.each([
    ['1.0', '1.0', 0],
    ['1.0', '1.0-0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.0~rc1-1', '1.0~rc2-1', -1],
    ['1.10', '1.9', 1],
    ['1:0.1', '9.9', 1],
    ['2.36-9+deb12u1', '2.36-9', 1],
    ['1.0a', '1.0+', -1],
    ['1.2.3', '1.2', 1],
    ['0.0.0', '0', 1],
  ])('%s against %s is %d', (one, other, sign) => {
    expect(Math.sign(compareVersions(one, other))).toBe(sign);
    expect(Math.sign(compareVersions(other, one))).toBe(sign === 0 ? 0 : -sign);
  });
});

describe('what apt says', () => {
  it('of an upgrade, a removal and a clean-up is read', () => {
    const text = `Reading package lists...
The following packages will be upgraded:
  libc6
Inst libc6 [2.36-9+deb12u9] (2.36-9+deb12u10 Debian:12.9/stable [amd64])
Inst chrony (4.3-2+deb12u1 Debian:12.9/stable [amd64])
Conf libc6 (2.36-9+deb12u10 Debian:12.9/stable [amd64])
Remv libold [1.2-3]
Purg libolder [1.2-4]
Del chrony 4.3-1 [292 kB]
`;
    expect(parseSimulation(text)).toEqual({
      packages: [
        { name: 'libc6', before: '2.36-9+deb12u9', after: '2.36-9+deb12u10' },
        { name: 'chrony', before: null, after: '4.3-2+deb12u1' },
        { name: 'libold', before: '1.2-3', after: null },
        { name: 'libolder', before: '1.2-4', after: null },
      ],
      cleaned: 1,
    });
  });

  it('of a package file is read, or that it is none', async () => {
    const read = (stdout: string) =>
      fakeHost({ answers: { 'deb:/srv/x.deb': rawReply({ stdout }) } }).ask(debFile('/srv/x.deb'));
    expect(await read('Package: x\nVersion: 1.0-1\n')).toEqual({ name: 'x', version: '1.0-1' });
    expect(await read('')).toBeNull();
  });

  it('of its lists is read with their time', async () => {
    const read = (stdout: string) =>
      fakeHost({ answers: { 'package-lists': rawReply({ stdout }) } }).ask(packageLists(60));
    expect(await read('old 1700000000\n')).toEqual(old);
    expect(await read('none 0\n')).toEqual({ kind: 'as-is', age: 'none', readAt: 0 });
  });
});

describe('apt', () => {
  it('installs what is missing with the options that are asked for', () => {
    const change = plan({
      name: 'chrony',
      install_recommends: false,
      default_release: 'bookworm-backports',
      allow_unauthenticated: true,
      fail_on_autoremove: true,
    });
    expect(change?.commands).toEqual([
      'apt -t bookworm-backports --no-install-recommends --allow-unauthenticated --no-remove install chrony',
    ]);
    expect(change?.effects).toEqual([
      { key: 'package:chrony', state: { kind: 'installed', version: '4.3-2', hold: false } },
    ]);
    expect(plan({ name: 'chrony' })?.commands).toEqual(['apt install chrony']);
    expect(plan({ name: 'chrony' }, { packages: [installed('4.3-2')] })).toBeNull();
  });

  it('reads old lists anew only when something is to be installed, or when that is all', () => {
    const fresh = { update_cache: true, cache_valid_time: 60 };
    expect(plan({ name: 'chrony', ...fresh })?.commands).toHaveLength(1);
    expect(plan({ name: 'chrony', ...fresh }, { lists: old })?.commands[0]).toMatch(/^update/);
    expect(plan({ name: 'chrony', ...fresh }, { lists: old, packages: [installed('4.3-2')] })).toBeNull();
    expect(plan(fresh)).toBeNull();
    const alone = plan({ cache_valid_time: 60 }, { lists: old });
    expect(alone?.summary).toBe('read the package lists anew');
    expect(alone?.effects).toEqual([{ key: 'package-lists', state: { kind: 'to-be-refreshed' } }]);
  });

  it('knows bounds', () => {
    expect(plan({ name: 'chrony>=4.0' }, { packages: [installed('4.3-2')] })).toBeNull();
    expect(plan({ name: ['chrony>=4.3'] }, { packages: [installed('4.0-1')] })?.summary).toBe(
      'change chrony',
    );
    expect(() => plan({ name: 'chrony>=5' })).toThrow('no source offers version 5 or newer of chrony');
    expect(plan({ name: 'chrony', only_upgrade: true })).toBeNull();
  });

  it('upgrades what a simulation says, and does not guess at lists still to be read', () => {
    expect(plan({ upgrade: 'dist' }, { upgrade: nothing })).toBeNull();
    const packages = [{ name: 'libc6', before: '1', after: '2' }];
    const change = plan({ upgrade: true }, { upgrade: { ...nothing, packages } });
    expect(change?.commands).toEqual(['apt --with-new-pkgs upgrade']);
    expect(change?.edits).toEqual([{ subject: 'package libc6', before: '1\n', after: '2\n' }]);
    const blind = plan({ name: '*', state: 'latest', update_cache: true }, { lists: old, upgrade: nothing });
    expect(blind?.forecast.kind).toBe('unknown');
    const broken: Simulation = { kind: 'error', output: 'E: Unmet dependencies.\n' };
    expect(() => plan({ upgrade: 'yes' }, { upgrade: broken })).toThrow('cannot upgrade: apt-get would fail');
  });

  it('removes what is no longer needed, alone or with what is named', () => {
    const packages = [{ name: 'libold', before: '1', after: null }];
    const alone = plan({ autoremove: true, purge: true }, { leftovers: { ...nothing, packages } });
    expect(alone?.commands).toEqual(['apt --purge autoremove']);
    expect(alone?.effects).toEqual([{ key: 'package:libold', state: absent }]);
    const named = plan(
      { name: 'chrony', state: 'absent', autoremove: true },
      { packages: [installed('4.3-2')], leftovers: nothing },
    );
    expect(named?.commands).toEqual(['apt --auto-remove remove chrony']);
    expect(named?.effects.map(({ key }) => key)).toEqual(['package:*', 'package:chrony']);
  });

  it('installs a package file that is newer than what is there', () => {
    const deb = (now: AptState['packages'][number]) => ({ file: { name: 'x', version: '1.0' }, now });
    const args = { deb: '/srv/my x.deb' };
    expect(plan(args, { deb: deb(absent) })?.commands).toEqual(["apt install '/srv/my x.deb'"]);
    expect(plan(args, { deb: deb(installed('1.0')) })).toBeNull();
    expect(plan(args, { deb: deb(installed('1.0~rc1')) })).not.toBeNull();
    expect(plan(args, { deb: deb(installed('1.1')) })).toBeNull();
    expect(plan({ ...args, allow_downgrade: true }, { deb: deb(installed('1.1')) })).not.toBeNull();
    expect(() => plan(args, { deb: { file: null, now: absent } })).toThrow('is no package file on the host');
  });

  it('cleans the cache where there is something to clean', () => {
    expect(plan({ clean: true }, { archives: 0 })).toBeNull();
    expect(plan({ clean: true }, { archives: 3 })?.commands).toEqual(['apt clean']);
    expect(plan({ autoclean: true }, { autoclean: { ...nothing, cleaned: 2 } })?.summary).toBe(
      'remove 2 old package files',
    );
  });

  it('says what cannot be', () => {
    expect(() => plan({ name: 'php*', state: 'absent' })).toThrow('php* is a pattern');
    expect(() => plan({ name: 'a', deb: '/b.deb' })).toThrow('name, deb and upgrade exclude each other');
    expect(() => plan({})).toThrow('apt is not told what to do');
    expect(() => plan({ name: 'a', state: 'build-dep' })).toThrow('"state" is not supported');
    expect(() => plan({ deb: 'https://example.org/x.deb' })).toThrow('"deb" is not supported');
  });

  it('keeps services from starting while it installs, and returns what apt printed', async () => {
    const change = plan({ name: 'chrony', policy_rc_d: 101, lock_timeout: 5, dpkg_options: 'force-confnew' });
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      answers: { 'package:chrony': absent, 'package-lists': old },
      onDurable: () => {
        host.teach('package:chrony', installed('4.3-2'));
        return { kind: 'finished', exitCode: 0, output: 'Setting up chrony\n', adopted: false };
      },
    });
    expect(await apt.apply(change, host)).toEqual({
      cache_updated: false,
      cache_update_time: 1_700_000_000,
      stdout: 'Setting up chrony\n',
      stdout_lines: ['Setting up chrony'],
      stderr: '',
      stderr_lines: [],
    });
    const [deed] = host.deeds;
    const sh = deed?.kind === 'durable' ? deed.command.sh : '';
    expect(sh).toContain("lock=5 dpkg_options='-o Dpkg::Options::=--force-confnew'");
    expect(sh).toContain("printf '#!/bin/sh\\nexit 101\\n'");
    expect(apt.output?.({ name: 'chrony' }, { ...(await stateOf()), lists: old }, taskContext())).toEqual({
      cache_updated: false,
      cache_update_time: 1_700_000_000,
    });
  });
});

async function stateOf(): Promise<AptState> {
  const host = fakeHost({ answers: { 'package-lists': old, 'apt-archives': 0 } });
  return host.ask(apt.probe({ clean: true }, taskContext()));
}
