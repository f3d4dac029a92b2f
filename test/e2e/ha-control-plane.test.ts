import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedCounts, type HapbRun, hapb, labInventory, outcomes } from '../lab/rig/hapb.ts';
import { differences, diskOf, lab, onNode } from '../lab/rig/lab.ts';
import {
  certificateNames,
  holders,
  livingVoters,
  readyPods,
  untilVipAnswers,
  vipAnswers,
} from './cluster.ts';
import { mayBeUnknown } from './foreseeable.ts';
import { filesWith, madeSecrets, type Watched, watch } from './made-secrets.ts';

const playbook = 'playbooks/ha-control-plane.yml';
const nodes = ['cp1', 'cp2', 'cp3'];

/** One story: each step starts from what the step before left. */
describe('three bare nodes', () => {
  let inventory: string;
  let folder: string;
  let plan: string;
  let foreseen: ReadonlyMap<string, string>;
  let built: HapbRun;
  let watched: readonly Watched[];

  beforeAll(async () => {
    await lab('up', '3');
    ({ inventory, folder } = await labInventory());
  });
  afterAll(() => lab('down'));

  it('are left as they are by --check, which knows what a run would do', async () => {
    const before = await Promise.all(nodes.map(diskOf));
    plan = join(folder, 'plan.jsonl');
    const check = await hapb('run', playbook, '-i', inventory, '--check', '--diff', '--save', plan);
    const after = await Promise.all(nodes.map(diskOf));
    expect(check.exitCode, check.out + check.err).toBe(0);
    expect(before.map((disk, index) => differences(disk, after[index] ?? new Map()))).toEqual([[], [], []]);
    foreseen = outcomes(check);
    const unknown = [...foreseen]
      .filter(([, kind]) => kind === 'unknown')
      .map(([task]) => task.replace(/ @ .*/, ''));
    expect([...new Set(unknown)].filter((task) => mayBeUnknown[task] === undefined)).toEqual([]);
    expect([...foreseen.values()]).not.toContain('would-fail');
  });

  it('become a verified control plane, by exactly the changes that were foreseen', async () => {
    const watches = nodes.map(watch);
    const run = await hapb('run', playbook, '-i', inventory, '--plan', plan, '-vvvv', '--diff');
    built = run;
    watched = await Promise.all(watches.map(({ end }) => end()));
    expect(run.exitCode, run.out + run.err).toBe(0);
    const done = outcomes(run);
    const wrong = [...foreseen].filter(([task, kind]) => {
      if (kind === 'unknown') return false;
      return (kind === 'would-change') !== (done.get(task) === 'changed');
    });
    expect(wrong).toEqual([]);
    expect(await livingVoters('cp1')).toBe(3);
    expect(await readyPods('cp1')).toBe(15);
    expect(await vipAnswers(join(folder, 'kubeconfig'))).toBe(true);
    expect(await holders(nodes)).toHaveLength(1);
    const names = await Promise.all(nodes.map(certificateNames));
    for (const name of ['k8s-api.lab', 'cp1', 'cp2', 'cp3']) {
      expect(names.every((sans) => sans.includes(`DNS:${name}`))).toBe(true);
    }
    for (const last of ['60', '1', '2', '3']) {
      expect(names.every((sans) => new RegExp(`IP Address:10\\.77\\.\\d+\\.${last}(,|$)`).test(sans))).toBe(
        true,
      );
    }
    for (const node of nodes)
      expect(await onNode(node, 'getent ahostsv4 k8s-api.lab | cut -d" " -f1 | sort -u')).toMatch(/\.60\n$/);
  });

  it('were given a token and a certificate key that nobody else saw, and that lie nowhere', async () => {
    const { tokens, keys } = madeSecrets(watched.map(({ configurations }) => configurations).join('\n'));
    expect([tokens.length > 0, keys.length > 0]).toEqual([true, true]);
    const shown = {
      screen: built.out + built.err,
      log: JSON.stringify(built.events),
      plan: readFileSync(plan, 'utf8'),
    };
    for (const word of [...tokens, ...keys]) {
      for (const [name, text] of Object.entries(shown)) expect(text.includes(word), name).toBe(false);
      for (const { node, processes } of watched) expect(processes.includes(word), node).toBe(false);
    }
    for (const node of nodes) expect(await filesWith(node, [...tokens, ...keys]), node).toEqual([]);
    expect(await filesWith('cp1', ['root:x:0:0'])).toContain('/etc/passwd');
  });

  it('have a kubeconfig that is valid for the VIP, the endpoint and every node', () => {
    const kubeconfig = readFileSync(join(folder, 'kubeconfig'), 'utf8');
    expect(kubeconfig).toMatch(/server: https:\/\/10\.77\.\d+\.60:6443/);
  });

  it('are left alone by the same command once more, and check foresees nothing', async () => {
    const again = await hapb('run', playbook, '-i', inventory);
    expect(again.exitCode, again.out).toBe(0);
    expect(changedCounts(again)).toEqual({ cp1: 0, cp2: 0, cp3: 0 });
    const check = await hapb('run', playbook, '-i', inventory, '--check', '--detailed-exitcode');
    expect(check.exitCode, check.out).toBe(0);
  });

  it('move the VIP within 15 s when its holder is cut off, and need nothing after it is back', async () => {
    const [holder = ''] = await holders(nodes);
    await lab('cut', holder);
    const seconds = await untilVipAnswers(join(folder, 'kubeconfig'), 15);
    await lab('heal', holder);
    expect(seconds).toBeLessThan(15);
    const again = await hapb('run', playbook, '-i', inventory);
    expect(again.exitCode, again.out).toBe(0);
    expect(changedCounts(again)).toEqual({ cp1: 0, cp2: 0, cp3: 0 });
    expect(await holders(nodes)).toHaveLength(1);
  });

  it('take a node that has left the control plane back as a worker, by the change that was foreseen', async () => {
    // kubeadm kills kube-vip, which then leaves the VIP where it is; the message of a join says so (HAPB6547).
    await onNode(
      'cp3',
      "kubeadm reset -f; for vip in $(ip -o -4 addr | grep -oE '10\\.77\\.[0-9]+\\.60/[0-9]+'); do ip addr del $vip dev $(ip -o -4 addr | awk -v vip=$vip '$4 == vip { print $2 }'); done",
    );
    // It may have held the VIP, which then moves first.
    await onNode(
      'cp1',
      'timeout 30 sh -c "until kubectl --kubeconfig /etc/kubernetes/admin.conf delete node cp3; do sleep 1; done"',
    );
    const worker = join(folder, 'worker.yml');
    writeFileSync(
      worker,
      `- hosts: cp3
  gather_facts: false
  tasks:
    - name: Join as a worker
      kubeadm_join: {endpoint: k8s-api.lab, from: cp1, role: worker}
`,
    );
    const task = 'Join as a worker @ cp3';
    const check = await hapb('run', worker, '-i', inventory, '--check');
    expect(outcomes(check).get(task), check.out + check.err).toBe('would-change');
    const run = await hapb('run', worker, '-i', inventory);
    expect(outcomes(run).get(task), run.out + run.err).toBe('changed');
    const roles = 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --no-headers';
    expect(await onNode('cp1', roles)).toMatch(/^cp3 +\S+ +<none> /m);
    const again = await hapb('run', worker, '-i', inventory);
    expect(outcomes(again).get(task), again.out + again.err).toBe('ok');
    expect(await livingVoters('cp1')).toBe(2);
  });
});
