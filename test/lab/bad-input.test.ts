import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hapb, labInventory } from './rig/hapb.ts';
import { differences, diskOf, lab, labId, onNode } from './rig/lab.ts';

const playbook = 'playbooks/ha-control-plane.yml';
const nodes = ['cp1', 'cp2', 'cp3'];
const subnet = `10.77.${labId}`;

let inventory: string;
let folder: string;
let before: readonly ReadonlyMap<string, string>[];

interface Refusal {
  readonly exitCode: number | null;
  /** Each diagnostic once: place, code, message and hint. */
  readonly diagnostics: readonly string[];
}

/** Runs the shipped playbook, which must refuse: no task may have changed anything. */
async function refused(args: readonly string[] = [], file = inventory): Promise<Refusal> {
  const run = await hapb('run', playbook, '-i', file, ...args);
  const changed = run.events.filter(
    (event) => event.type === 'task.finished' && event.outcome.kind === 'changed',
  );
  expect(changed, run.out).toEqual([]);
  expect(run.exitCode, run.out).not.toBe(0);
  const found = `${run.out}\n${run.err}`.match(/^\S+:\d+:\d+ {2}error HAPB\d+: .*\n(?: .*\n)* {2}hint: .*/gm);
  return { exitCode: run.exitCode, diagnostics: [...new Set(found ?? [])] };
}

/** The lab's inventory with its text changed, as a file of its own. */
function inventoryWith(name: string, change: (text: string) => string): string {
  const file = join(folder, `${name}.yml`);
  writeFileSync(file, change(readFileSync(inventory, 'utf8')));
  return file;
}

/** Makes something true on a node for the time of a test. */
async function during<T>(
  node: string,
  { begin, end }: { begin: string; end: string },
  act: () => Promise<T>,
): Promise<T> {
  await onNode(node, begin);
  try {
    return await act();
  } finally {
    await onNode(node, end);
  }
}

/** One diagnostic, with these words in it. */
function expectOne({ diagnostics }: Refusal, ...words: readonly string[]): void {
  expect(diagnostics).toHaveLength(1);
  for (const word of words) expect(diagnostics[0]).toContain(word);
}

describe('the shipped playbook refuses, in one diagnostic and before anything is changed,', () => {
  beforeAll(async () => {
    await lab('up', '3');
    ({ inventory, folder } = await labInventory());
    before = await Promise.all(nodes.map(diskOf));
  });
  afterAll(async () => {
    const after = await Promise.all(nodes.map(diskOf));
    await lab('down');
    expect(before.map((disk, index) => differences(disk, after[index] ?? new Map()))).toEqual([[], [], []]);
  });

  it('two nodes', async () => {
    const two = inventoryWith('two', (text) => text.replace(/ +cp3:\n +ansible_host: .*\n/, ''));
    expectOne(await refused([], two), 'There are 2 nodes', 'quorum');
  });

  it('four nodes', async () => {
    const four = inventoryWith('four', (text) =>
      text.replace(/( +)cp3:\n/, `$1cp4: {ansible_host: ${subnet}.3}\n$1cp3:\n`),
    );
    expectOne(await refused([], four), 'There are 4 nodes');
  });

  it('a VIP outside the network of the interface', async () => {
    expectOne(await refused(['-e', 'vip=192.0.2.60']), '192.0.2.60');
  });

  it('a VIP that is the address of a node', async () => {
    expectOne(await refused(['-e', `vip=${subnet}.2`]), `${subnet}.2`, 'cp2');
  });

  it('a VIP at which another machine answers', async () => {
    expectOne(await refused(['-e', `vip=${subnet}.254`]), `${subnet}.254`);
  });

  it('an interface that one node does not have', async () => {
    const odd = inventoryWith('interface', (text) =>
      text.replace(/( +)cp2:\n/, '$1cp2:\n$1  vip_interface: eth7\n'),
    );
    expectOne(await refused([], odd), 'eth7', 'cp2');
  });

  it('two nodes with one host name', async () => {
    const same = { begin: 'hostname cp1', end: 'hostname cp2' };
    expectOne(await during('cp2', same, () => refused()), 'host name', 'cp1', 'cp2');
  });

  it('two nodes with one machine-id', async () => {
    const id = (await onNode('cp1', 'cat /etc/machine-id')).trim();
    const same = {
      begin: `echo ${id} > /run/id && mount --bind /run/id /etc/machine-id`,
      end: 'umount /etc/machine-id',
    };
    expectOne(await during('cp2', same, () => refused()), 'machine id', 'cp1', 'cp2');
  });

  // The nodes share the kernel's clock, so a program that shows another time stands in for a wrong clock.
  it('a clock that is 30 s off', async () => {
    const wrong = {
      begin: String.raw`printf '#!/bin/sh\nexec /bin/date -d "+30 seconds" "$@"\n' > /run/date && chmod +x /run/date && cp /usr/bin/date /run/date.real && sed -i s,/bin/date,/run/date.real, /run/date && mount --bind /run/date /usr/bin/date`,
      end: 'umount /usr/bin/date && rm -f /run/date /run/date.real',
    };
    expectOne(await during('cp3', wrong, () => refused()), 'clock', 'cp3');
  });

  // Swap belongs to the machine and not to a node: a table that names a file which is no swap stands in for it.
  it('swap that cannot be turned off', async () => {
    const stuck = {
      begin: String.raw`printf 'Filename\tType\tSize\tUsed\tPriority\n/swapfile file 1048572 0 -2\n' > /run/swaps && mount --bind /run/swaps /proc/swaps`,
      end: 'umount /proc/swaps',
    };
    expectOne(await during('cp1', stuck, () => refused()), 'swap', '/swapfile');
  });

  it('port 6443 taken', async () => {
    const taken = {
      begin:
        'systemd-run --unit=squatter --socket-property=ListenStream=6443 --socket-property=Accept=yes true',
      end: 'systemctl stop squatter.socket && rm -f /run/systemd/transient/squatter*',
    };
    expectOne(await during('cp2', taken, () => refused()), '6443', 'cp2');
  });

  it('a node of another cluster', async () => {
    const ca = join(folder, 'another-ca.crt');
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -subj /CN=another -keyout /dev/null -out ${ca}`.split(' '),
    );
    const foreign = {
      begin: `mkdir -p /etc/kubernetes/pki && echo ${readFileSync(ca, 'base64')} | base64 -d > /etc/kubernetes/pki/ca.crt && touch /etc/kubernetes/kubelet.conf`,
      end: 'rm -r /etc/kubernetes',
    };
    expectOne(await during('cp3', foreign, () => refused()), 'cp3', 'another cluster');
  });

  it('no sudo rights', async () => {
    const { diagnostics } = await refused(['-e', 'ansible_user=nosudo']);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.every((text) => /cannot become 'root'/.test(text) && /NOPASSWD/.test(text))).toBe(
      true,
    );
  });

  it('a wrong sudo password', async () => {
    const { diagnostics } = await refused([
      '-e',
      'ansible_user=operator',
      '-e',
      'ansible_become_password=wrong',
    ]);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.every((text) => /password/.test(text))).toBe(true);
  });

  it('an unknown host key', async () => {
    const { exitCode, diagnostics } = await refused([
      '-e',
      'ansible_ssh_common_args=-oUserKnownHostsFile=/dev/null',
    ]);
    expect(exitCode).toBe(4);
    expect(diagnostics.every((text) => /SHA256:/.test(text) && /--accept-new-host-keys/.test(text))).toBe(
      true,
    );
  });

  it('a changed host key', async () => {
    const known = join(folder, 'known_hosts');
    const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL0Jc6sXyGm0gCVVy4hZhmSgKCUMfBCd0iXZpwDYwzP6';
    writeFileSync(known, nodes.map((_, index) => `${subnet}.${index + 1} ${other}\n`).join(''));
    const { exitCode, diagnostics } = await refused([
      '-e',
      `ansible_ssh_common_args=-oUserKnownHostsFile=${known}`,
    ]);
    expect(exitCode).toBe(4);
    expect(diagnostics.every((text) => /is not the known one/.test(text) && text.includes(known))).toBe(true);
  });

  it('an unreachable node', async () => {
    const away = inventoryWith('away', (text) =>
      text.replace(`ansible_host: ${subnet}.3`, `ansible_host: ${subnet}.99`),
    );
    const { exitCode, diagnostics } = await refused(['-T', '3'], away);
    expect(exitCode).toBe(4);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toContain(`${subnet}.99`);
  });
});
