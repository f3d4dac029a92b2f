import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedCounts, type HapbRun, hapb, labInventory, outcomes, startHapb } from '../lab/rig/hapb.ts';
import { lab, labId, loadState, onNode, stateKey } from '../lab/rig/lab.ts';

const playbook = 'playbooks/ha-control-plane.yml';
const address = `10.77.${labId}.1`;

/** The first node's part of the playbook, and its certificate's names from a variable. */
const tasks = `
- hosts: control_plane
  become: true
  gather_facts: false
  tasks:
    - hosts_entry: {name: k8s-api.lab, ip: ${address}}
    - name: Names
      kubeadm_init:
        endpoint: k8s-api.lab
        kubernetes_version: v{{ kubernetes_version }}
        cert_sans: "{{ ['cp1'] + names }}"
    - name: Seen from a node that joined
      kubeadm_join: {endpoint: k8s-api.lab, from: cp1}
`;

/** The names of the certificate that the API server shows at this moment. */
function shown(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 6443, rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(new X509Certificate(raw).subjectAltName ?? '');
    });
    socket.on('error', reject);
  });
}

/** One story on one node: each step starts from what the step before left. */
describe('the names of a cluster', () => {
  let file: string;
  let inventory: string;
  const withNames = (...names: readonly string[]): readonly string[] => [
    file,
    '-i',
    inventory,
    '-e',
    JSON.stringify({ names }),
  ];
  const run = (...names: readonly string[]): Promise<HapbRun> => hapb('run', ...withNames(...names));

  async function expectDone(...names: readonly string[]): Promise<void> {
    const done = await run(...names);
    expect(done.exitCode, done.out + done.err).toBe(0);
    for (const name of names) expect(await shown()).toContain(name);
    const again = await run(...names);
    expect(changedCounts(again), again.out).toEqual({ cp1: 0 });
  }

  beforeAll(async () => {
    const key = stateKey(playbook, 'playbooks/vars/ha-control-plane.yml', 'test/lab/lib/inventory.sh');
    const prepared = await loadState('prepared', key, 1);
    if (!prepared) await lab('up', '1');
    const made = await labInventory();
    inventory = made.inventory;
    file = join(made.folder, 'names.yml');
    writeFileSync(file, tasks);
    if (!prepared) {
      const wishes = ['-e', 'allow_even=true', '--tags', 'prepare,images'];
      const done = await hapb('run', playbook, '-i', inventory, ...wishes);
      expect(done.exitCode, done.out + done.err).toBe(0);
    }
    const first = await run();
    expect(first.exitCode, first.out + first.err).toBe(0);
  });
  afterAll(() => lab('down'));

  it('are added as check foresaw, by an API server that goes on running', async () => {
    const check = await hapb('run', ...withNames('more.lab', '10.9.9.9'), '--check');
    expect(outcomes(check).get('Names @ cp1')).toBe('would-change');
    expect(outcomes(check).get('Seen from a node that joined @ cp1')).toBe('ok');
    expect(await shown()).not.toContain('more.lab');
    const pid = await onNode('cp1', 'pidof kube-apiserver');
    await expectDone('more.lab', '10.9.9.9');
    expect(await onNode('cp1', 'pidof kube-apiserver')).toBe(pid);
    const stored = await onNode(
      'cp1',
      'kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get cm kubeadm-config -o jsonpath={.data.ClusterConfiguration}',
    );
    expect(stored).toContain('  - more.lab\n');
  });

  it('that the cluster has stored get into the certificate of a node that joined', async () => {
    const names = ['more.lab', '10.9.9.9'];
    await onNode(
      'cp1',
      'cd /etc/kubernetes/pki && for f in key crt; do cp ../hapb-backup/apiserver.$f .new && mv .new apiserver.$f; done',
    );
    const joined = join(file, '../joined.yml');
    writeFileSync(joined, tasks.replace(/ {4}- name: Names[\s\S]*?(?= {4}- name: Seen)/, ''));
    const done = await hapb('run', joined, '-i', inventory);
    expect(changedCounts(done), done.out + done.err).toEqual({ cp1: 1 });
    for (const name of names) expect(await shown()).toContain(name);
  });

  it('are added though hapb is killed in the middle', async () => {
    const names = ['more.lab', '10.9.9.9', 'killed.lab'];
    const doomed = startHapb(['run', ...withNames(...names)]);
    await doomed.seen((event) => event.type === 'task.progress' && event.text.includes('killed.lab'));
    doomed.process.kill('SIGKILL');
    expect((await doomed.end).signal).toBe('SIGKILL');
    await expectDone(...names);
  });

  it('are added where the power was cut between the new key and its certificate', async () => {
    const halfway = 'mkdir .hapb-renew && cp apiserver-kubelet-client.key apiserver.key && sync';
    await onNode('cp1', `cd /etc/kubernetes/pki && ${halfway}`);
    await lab('power-cut', 'cp1');
    await lab('wait', 'cp1');
    await expectDone('more.lab', '10.9.9.9', 'killed.lab', 'cut.lab');
  });
});
