import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedCounts, hapb, labInventory } from '../lab/rig/hapb.ts';
import { lab, loadState, onNode, stateKey } from '../lab/rig/lab.ts';

const playbook = 'playbooks/ha-control-plane.yml';
const nodes = ['cp1', 'cp2', 'cp3'];

let inventory: string;

describe('from prepared nodes', () => {
  const key = stateKey(
    'playbooks/ha-control-plane.yml',
    'playbooks/vars/ha-control-plane.yml',
    'test/lab/lib/inventory.sh',
  );

  beforeAll(async () => {
    if (await loadState('prepared', key)) return;
    await lab('up', '3');
    const { inventory: bare } = await labInventory();
    const run = await hapb('run', playbook, '-i', bare, '--tags', 'prepare,images');
    expect(run.exitCode, run.out + run.err).toBe(0);
    await lab('save', 'prepared', '--key', key);
  });
  beforeEach(async () => {
    await loadState('prepared', key);
    ({ inventory } = await labInventory());
  });
  afterAll(() => lab('down'));

  it('kube_vip_distribute: copy gives every node the first one’s manifest, and cni_manifest is applied', async () => {
    const manifest = join(mkdtempSync(join(tmpdir(), 'hapb-cni-')), 'network.yaml');
    writeFileSync(
      manifest,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: network, namespace: kube-system}\ndata: {plugin: none}\n',
    );
    const wishes = ['-e', 'kube_vip_distribute=copy', '-e', `cni_manifest=${manifest}`];
    const run = await hapb('run', playbook, '-i', inventory, ...wishes);
    expect(run.exitCode, run.out + run.err).toBe(0);
    const manifests = await Promise.all(
      nodes.map((node) => onNode(node, 'cat /etc/kubernetes/manifests/kube-vip.yaml')),
    );
    expect(new Set(manifests).size).toBe(1);
    const kubectl = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
    expect(await onNode('cp3', `${kubectl} get --raw /readyz`)).toBe('ok');
    expect(
      await onNode('cp1', `${kubectl} -n kube-system get configmap network -o jsonpath={.data.plugin}`),
    ).toBe('none');
    const again = await hapb('run', playbook, '-i', inventory, ...wishes);
    expect(changedCounts(again), again.out).toEqual({ cp1: 0, cp2: 0, cp3: 0 });
  });
});
