import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regularFile } from '../../../../src/modules/asks/file-state.ts';
import { modprobe } from '../../../../src/modules/general/modprobe.ts';
import type { ModprobeArgs, ModprobeState } from '../../../../src/modules/general/modprobe-plan.ts';
import { swapoff, withoutSwap } from '../../../../src/modules/general/swapoff.ts';
import { type SysctlArgs, sysctl } from '../../../../src/modules/general/sysctl.ts';
import { overriding, setSetting } from '../../../../src/modules/general/sysctl-files.ts';
import type { TextFile } from '../../../../src/modules/general/text-file.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from './local-host.ts';

const who = { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' };
const nothingThere: TextFile = { file: { kind: 'absent' }, mounts: [], who };
const task = taskContext();
const rights = { mode: '0644', owner: 'root', group: 'root' };
const textFile = (path: string, content: string): TextFile => ({
  ...nothingThere,
  file: regularFile(path, content, rights),
});

describe('modprobe', () => {
  const state = (
    presence: 'loaded' | 'built-in' | 'absent',
    loadable: 'yes' | 'no' = 'yes',
  ): ModprobeState => ({
    modules: [{ name: 'br_netfilter', presence, loadable }],
    load: nothingThere,
    options: nothingThere,
    kernel: { release: '6.1.0-1', installed: ['6.1.0-2'], place: 'machine' },
  });
  const diff = (args: Partial<ModprobeArgs>, now: ModprobeState) =>
    modprobe.diff({ name: 'br_netfilter', ...args }, now, task);

  it('loads what is absent, names it for the next boot, and foresees the settings that come with it', () => {
    const change = diff({}, state('absent'));
    expect(change?.summary).toBe('load br_netfilter, write /etc/modules-load.d/hapb.conf');
    expect(change?.effects.map((effect) => effect.key)).toEqual([
      'kernel-module:br_netfilter',
      'sysctl:net/bridge/bridge-nf-call-iptables',
      'sysctl:net/bridge/bridge-nf-call-ip6tables',
      'sysctl:net/bridge/bridge-nf-call-arptables',
      'file:/etc/modules-load.d/hapb.conf',
    ]);
  });

  it('has nothing to load where the feature is built in', () => {
    expect(diff({ persist: false }, state('built-in', 'no'))).toBeNull();
  });

  it('says that the kernel was updated without a reboot', () => {
    const failure = (() => {
      try {
        return diff({}, state('absent', 'no'));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(failure).toMatchObject({
      problem: {
        code: 'HAPB6050',
        message:
          'module br_netfilter was not found for the running kernel 6.1.0-1 (modules are installed for 6.1.0-2)',
        hint: 'The kernel was updated and the host not rebooted since; reboot it.',
      },
    });
  });

  it('keeps other lines of its files, and takes its own out with absent', () => {
    const now = state('loaded');
    const load = (content: string): TextFile => textFile('/etc/modules-load.d/hapb.conf', content);
    expect(diff({}, { ...now, load: load('overlay\nbr-netfilter\n') })?.edits[0]?.after).toBe(
      'overlay\nbr_netfilter\n',
    );
    const gone = diff({ state: 'absent' }, { ...now, load: load('overlay\nbr_netfilter\n') });
    expect(gone?.summary).toBe('unload br_netfilter, write /etc/modules-load.d/hapb.conf');
    expect(gone?.edits[1]?.after).toBe('overlay\n');
    expect(() => diff({ state: 'absent' }, state('built-in'))).toThrow('is built into the kernel');
  });

  it('names the machine where the host is a container that may not load it', async () => {
    const change = diff(
      { persist: false },
      { ...state('absent'), kernel: { release: '6', installed: [], place: 'container' } },
    );
    const host = fakeHost({
      onRun: () => ({
        exitCode: 1,
        stderr: "modprobe: ERROR: could not insert 'br_netfilter': Operation not permitted\n",
      }),
    });
    if (change === null) throw new Error('nothing to do');
    await expect(modprobe.apply(change, host)).rejects.toMatchObject({
      problem: {
        message: 'module br_netfilter cannot be loaded: the kernel does not permit it',
        hint: 'This host is a container: load the module on the machine that it runs on.',
      },
    });
  });
});

describe('sysctl', () => {
  it.each(shells)('looks at the kernel and the file apart, in %s', async (shell) => {
    const host = localHost(shell);
    const file = join(host.directory, '99-test.conf');
    const value = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .join(' ');
    const args: SysctlArgs = { name: 'net.ipv4.ip_local_port_range', value, file };
    const { change } = await expectLawful(sysctl, args, { host });
    expect(change).toMatchObject({ value: null, summary: `write ${file}` });
    expect(readFileSync(file, 'utf8')).toBe(`net.ipv4.ip_local_port_range=${value}\n`);
    await expectLawful(sysctl, { ...args, state: 'absent' }, { host });
    expect(readFileSync(file, 'utf8')).toBe('');
    host.dispose();
  });

  it('names the module that brings a setting that is not there', () => {
    const state = { runtime: { kind: 'absent' as const }, file: nothingThere, lines: [] };
    const args = { name: 'net.bridge.bridge-nf-call-iptables', value: 1 };
    expect(() => sysctl.diff(args, state, task)).toThrow(
      'the running kernel has no setting net.bridge.bridge-nf-call-iptables',
    );
  });

  it('refuses to set what a later file would undo', () => {
    const lines = [
      { file: '/etc/sysctl.d/10-first.conf', value: '0' },
      { file: '/usr/lib/sysctl.d/99-zz.conf', value: '0' },
    ];
    const state = { runtime: { kind: 'value' as const, value: '0' }, file: nothingThere, lines };
    expect(() => sysctl.diff({ name: 'net.ipv4.ip_forward', value: true }, state, task)).toThrow(
      '/usr/lib/sysctl.d/99-zz.conf sets net.ipv4.ip_forward to 0 and is read later, so the next boot would undo this',
    );
  });

  it.each([
    ['yes', '1'],
    ['off', '0'],
    [false, '0'],
    [' 5 ', '5'],
  ])('takes %j for the value %s', (value, written) => {
    const state = { runtime: { kind: 'value' as const, value: '7' }, file: nothingThere, lines: [] };
    expect(sysctl.diff({ name: 'vm.swappiness', value }, state, task)?.value).toBe(written);
  });

  it('knows that a file of the same name in /etc hides another', () => {
    const lines = [
      { file: '/etc/sysctl.d/99-zz.conf', value: '1' },
      { file: '/usr/lib/sysctl.d/99-zz.conf', value: '0' },
    ];
    expect(overriding(lines, { path: '/etc/sysctl.d/99-hapb.conf', value: '1' })).toBeNull();
  });

  it('changes a line in either notation, and drops doubles', () => {
    const text = '# c\nnet/ipv4/ip_forward=0\nkernel.x = 1\nnet.ipv4.ip_forward = 1\n';
    expect(setSetting(text, 'net.ipv4.ip_forward', '1')).toBe('# c\nnet.ipv4.ip_forward=1\nkernel.x = 1\n');
  });
});

describe('swapoff', () => {
  it('comments swap out of fstab, and nothing else', () => {
    const text =
      '# swap was here\nUUID=1 / ext4 defaults 0 1\nUUID=2\tnone\tswap\tsw 0 0\n/swap.img none swap sw\n';
    const once = withoutSwap(text);
    expect(once).toBe(
      '# swap was here\nUUID=1 / ext4 defaults 0 1\n# UUID=2\tnone\tswap\tsw 0 0\n# /swap.img none swap sw\n',
    );
    expect(withoutSwap(once)).toBe(once);
  });

  it('does it all in one change, and nothing where all is off', () => {
    const now = {
      swaps: [],
      fstab: textFile('/etc/fstab', '/swap.img none swap sw\n'),
      units: ['dev-sda2.swap'],
    };
    const change = swapoff.diff({}, now, task);
    expect(change?.summary).toBe('comment swap out of /etc/fstab, mask dev-sda2.swap');
    expect(swapoff.diff({}, { swaps: [], fstab: nothingThere, units: [] }, task)).toBeNull();
  });

  it('names what stays on', async () => {
    const area = { path: '/dev/sda2', type: 'partition', sizeKib: 1000, usedKib: 600 };
    const change = swapoff.diff({}, { swaps: [area], fstab: nothingThere, units: [] }, task);
    const host = fakeHost({
      answers: { swaps: [area] },
      onRun: () => ({ exitCode: 4, stderr: 'swapoff: /dev/sda2: swapoff failed: Cannot allocate memory\n' }),
    });
    if (change === null) throw new Error('nothing to do');
    await expect(swapoff.apply(change, host)).rejects.toMatchObject({
      problem: {
        message: 'swap cannot be turned off: /dev/sda2 (600 KiB in use)',
        details: 'swapoff: /dev/sda2: swapoff failed: Cannot allocate memory',
      },
    });
  });
});
