import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { type Mount, mounts } from '../../../../src/modules/asks/mounts.ts';
import {
  entryOf,
  fstabLine,
  parseFstab,
  withEntry,
  withoutEntry,
} from '../../../../src/modules/system/fstab.ts';
import { mount } from '../../../../src/modules/system/mount.ts';
import type { MountArgs } from '../../../../src/modules/system/mount-args.ts';
import { isSource, type MountModuleState, planMount } from '../../../../src/modules/system/mount-plan.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { recordedText } from './recorded-text.ts';

const fstab = '# ours\n/dev/sda1 / ext4 defaults 0 1\ntmpfs /srv/x tmpfs size=1m 0 0\n';
const args: MountArgs = { path: '/srv/x/', src: 'tmpfs', fstype: 'tmpfs', opts: 'size=1m', state: 'mounted' };
const there: Mount = { path: '/srv/x', source: 'tmpfs', fileSystem: 'tmpfs', root: '/', options: ['rw'] };

function plan(change: Partial<MountArgs>, state: Partial<MountModuleState> & { text?: string } = {}) {
  const { text = fstab, ...rest } = state;
  return planMount(
    { ...args, ...change },
    {
      fstab: recordedText('/etc/fstab', text),
      mounts: [there],
      place: { kind: 'directory', mode: '0755', owner: 'root', group: 'root' },
      ...rest,
    },
  );
}

describe('fstab', () => {
  it('is read and written with its escapes', () => {
    const entry = parseFstab('LABEL=my\\040disk  /mnt/a\\040b\text4 noatime,x=\\046 # note');
    expect(entry).toEqual({
      source: 'LABEL=my disk',
      path: '/mnt/a b',
      fileSystem: 'ext4',
      options: 'noatime,x=&',
      dump: '0',
      pass: '0',
    });
    if (entry === null) throw new Error('not read');
    expect(fstabLine(entry)).toBe('LABEL=my\\040disk /mnt/a\\040b ext4 noatime,x=\\046 0 0');
    expect(parseFstab('# a comment')).toBeNull();
  });

  it('keeps a line that is right as it is written', () => {
    const lines = ['tmpfs\t/srv/x  tmpfs size=1m'];
    const entry = entryOf(lines, '/srv/x/');
    if (entry === null) throw new Error('not found');
    expect(withEntry(lines, entry)).toEqual(lines);
    expect(withoutEntry(lines, { path: '/srv/x', source: '' })).toEqual([]);
  });

  it('tells swaps apart by their source', () => {
    const lines = ['/dev/sda2 none swap sw 0 0'];
    const swap = {
      source: '/swapfile',
      path: 'none',
      fileSystem: 'swap',
      options: 'sw',
      dump: '0',
      pass: '0',
    };
    expect(withEntry(lines, swap)).toEqual([...lines, '/swapfile none swap sw 0 0']);
    expect(withoutEntry(lines, swap)).toEqual(lines);
  });
});

describe('mount', () => {
  it('leaves alone what is in fstab and mounted', () => {
    expect(plan({})).toBeNull();
    expect(plan({ state: 'present' }, { mounts: [] })).toBeNull();
    expect(plan({ state: 'unmounted' }, { mounts: [] })).toBeNull();
    expect(plan({ state: 'absent', path: '/srv/y' })).toBeNull();
  });

  it('writes fstab first, makes the folder, mounts, and foresees it', () => {
    const change = plan({}, { text: '', mounts: [], place: { kind: 'absent' } });
    expect(change).toMatchObject({ deed: 'mount', folder: 'make' });
    expect(change?.summary).toBe('/srv/x/: write it into /etc/fstab, mount it');
    expect(change?.edits).toEqual([
      { subject: 'mount /srv/x', before: null, after: 'tmpfs tmpfs size=1m\n' },
      { subject: '/etc/fstab', before: '', after: 'tmpfs /srv/x tmpfs size=1m 0 0\n' },
    ]);
    expect(change?.effects.map(({ key }) => key)).toEqual([
      'file:/etc/fstab',
      'mounts',
      'file:/srv/x/*',
      'file:/srv/x',
    ]);
    expect(change?.effects[2]?.state).toBeInstanceOf(Unknown);
  });

  it('remounts for other options, and replaces another source', () => {
    expect(plan({ opts: 'size=2m' })?.deed).toBe('remount');
    expect(plan({ src: '/dev/sdb1', fstype: 'ext4' })?.deed).toBe('replace');
    expect(plan({ boot: false })?.edits.at(-1)?.after).toContain('size=1m,noauto');
  });

  it('takes away what is to be absent, and only that', () => {
    expect(plan({ state: 'unmounted' })).toMatchObject({ deed: 'unmount', plan: null, folder: 'keep' });
    expect(plan({ state: 'absent' })).toMatchObject({ deed: 'unmount', folder: 'remove' });
    expect(plan({ state: 'absent_from_fstab' })).toMatchObject({ deed: 'none', folder: 'keep' });
  });

  it('knows what a bind mount shows', async () => {
    const line = '36 25 254:1 /srv/one /srv/x rw,relatime shared:1 - ext4 /dev/vda1 rw\n';
    const [found] = await fakeHost({ answers: { mounts: rawReply({ stdout: line }) } }).ask(mounts());
    if (found === undefined) throw new Error('not read');
    expect(isSource(found, '/srv/one')).toBe(true);
    expect(isSource(found, '/srv/two')).toBe(false);
    expect(isSource(there, 'tmpfs')).toBe(true);
  });

  it('says what cannot be', () => {
    expect(() => plan({ state: 'ephemeral', src: '/dev/sdb1' })).toThrow(
      'tmpfs is mounted at /srv/x/, not /dev/sdb1',
    );
    expect(() => plan({ state: 'remounted' }, { mounts: [] })).toThrow('nothing is mounted at /srv/x/');
    const { src: _, ...bare } = args;
    expect(() =>
      planMount(bare, { fstab: recordedText('', ''), mounts: [], place: { kind: 'absent' } }),
    ).toThrow('state: mounted needs src');
  });

  it('puts fstab back when mounting fails', async () => {
    const change = plan({}, { text: '', mounts: [] });
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      onRun: () => ({ exitCode: 32, stderr: "mount: /srv/x: unknown filesystem type 'tmpfs'.\n" }),
    });
    await expect(mount.apply(change, host)).rejects.toMatchObject({
      problem: {
        message: 'cannot mount tmpfs at /srv/x/',
        hint: expect.stringContaining('fstype') as string,
      },
    });
    const written = host.deeds.flatMap((deed) => (deed.kind === 'write' ? [deed.file.content] : []));
    expect(written).toEqual(['tmpfs /srv/x tmpfs size=1m 0 0\n', '']);
  });
});
