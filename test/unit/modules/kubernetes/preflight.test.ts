import { describe, expect, it } from 'vitest';
import { type Examined, findings } from '../../../../src/modules/kubernetes/preflight-checks.ts';
import { parseIdentity, parseNodeFacts } from '../../../../src/modules/kubernetes/preflight-facts.ts';
import { bare, member, recorded } from './recorded.ts';

const own = parseIdentity(recorded('identity-bare'));
const other = parseIdentity(recorded('identity-member'));
const facts = { ...parseNodeFacts(recorded('node-facts-bare')), skewMs: 100 };
const good: Examined = {
  host: 'cp5',
  own,
  facts: { ...facts, vipMac: null },
  kubeadm: bare,
  others: [{ host: 'cp1', identity: other }],
  first: 'cp5',
  later: ['cp1'],
  vip: '10.77.0.60',
  kubernetesVersion: 'v1.34.2',
  endpoint: 'k8s-api.lab:6443',
  kubeVipVersion: 'v1.1.2',
};

function texts(examined: Examined): readonly string[] {
  return findings(examined).map((one) => `${one.verdict}: ${one.text}`);
}

describe('the checks of a node', () => {
  it('find nothing but the old cgroups on a good bare node', () => {
    expect(texts(good)).toEqual(['warning: it has cgroup v1']);
  });

  it('find nothing new on a node that is a member already', () => {
    const listening = { ...parseNodeFacts(recorded('node-facts-member')), skewMs: 0 };
    const examined = { ...good, own: other, others: [], facts: listening, kubeadm: member };
    expect(texts(examined)).toEqual(['warning: it has cgroup v1']);
  });

  it.each<[string, Examined]>([
    ['error: the tasks do not run as root', { ...good, facts: { ...good.facts, uid: 1000 } }],
    ['error: it has 1 CPU, and kubeadm wants 2', { ...good, facts: { ...good.facts, cpus: 1 } }],
    [
      'error: it has 977 MiB of memory, and kubeadm wants 1700 MB',
      { ...good, facts: { ...good.facts, memoryKib: 1_000_000 } },
    ],
    [
      'warning: only 2048 MiB are free below /var/lib',
      { ...good, facts: { ...good.facts, freeKib: 2 * 1024 * 1024 } },
    ],
    [
      "error: its host name 'CP_5' cannot be the name of a Node",
      { ...good, own: { ...own, hostname: 'CP_5' } },
    ],
    ['error: its first process is init, not systemd', { ...good, facts: { ...good.facts, init: 'init' } }],
    ['error: it has cgroup v1, which Kubernetes v1.35.0 refuses', { ...good, kubernetesVersion: 'v1.35.0' }],
    [
      'error: swap is on (/dev/sda2), and a container (systemd-nspawn) cannot turn it off',
      { ...good, facts: { ...good.facts, swaps: ['/dev/sda2'] } },
    ],
    [
      "error: its clock is 12 s ahead of this machine's",
      { ...good, facts: { ...good.facts, skewMs: 12_000 } },
    ],
    ["warning: its clock is 4 s behind this machine's", { ...good, facts: { ...good.facts, skewMs: -4000 } }],
    [
      'error: port 6443, which the API server needs, is taken by haproxy',
      { ...good, facts: { ...good.facts, listeners: [{ port: 6443, program: 'haproxy' }] } },
    ],
    ['error: cp1 has the same host name (cp1)', { ...good, own: { ...own, hostname: 'cp1' } }],
    ['error: cp1 has the same machine id', { ...good, own: { ...own, machineId: other.machineId } }],
    [
      'error: cp1 has the same hardware address (a6:62:42:44:5b:5f)',
      { ...good, own: { ...own, macs: other.macs } },
    ],
    [
      'error: it belongs to another cluster than cp1',
      { ...good, first: 'cp1', later: [], own: { ...own, ca: 'sha256:other' } },
    ],
    [
      'error: it belongs to another cluster than cp1, which belongs to none',
      {
        ...good,
        first: 'cp1',
        later: [],
        own: { ...own, ca: 'sha256:other' },
        others: [{ host: 'cp1', identity: { ...other, ca: null } }],
      },
    ],
    [
      'error: the VIP 10.77.0.60 is in use by another machine (02:00:00:00:00:01 answers for it)',
      { ...good, facts: { ...good.facts, vipMac: '02:00:00:00:00:01' } },
    ],
    [
      'warning: cloud-init writes /etc/hosts anew at each boot',
      { ...good, facts: { ...good.facts, managesHosts: 'cloud-init' } },
    ],
    [
      'error: the cluster runs Kubernetes v1.34.2, and v1.34.4 is asked for',
      { ...good, kubeadm: member, kubernetesVersion: 'v1.34.4' },
    ],
    [
      'error: the cluster was made with the endpoint k8s-api.lab:6443, and api.other:6443 is asked for',
      { ...good, kubeadm: member, endpoint: 'api.other:6443' },
    ],
    [
      'error: kube-vip v1.0.4 is not fit for a control plane: it leaves the VIP behind when it is stopped (kube-vip issue 1413)',
      { ...good, kubeVipVersion: 'v1.0.4' },
    ],
  ])('find: %s', (text, examined) => {
    expect(texts(examined)).toContain(text);
  });

  it('leave to the first host what concerns all, and to the earlier of two what they share', () => {
    const later: Examined = {
      ...good,
      first: 'cp1',
      later: [],
      facts: { ...good.facts, vipMac: '02:00:00:00:00:01' },
    };
    expect(texts({ ...later, own: { ...own, machineId: other.machineId } })).toEqual([
      'warning: it has cgroup v1',
    ]);
  });

  it('take it that a node of the play answers for the VIP', () => {
    expect(facts.vipMac).toBe('a6:62:42:44:5b:5f');
    expect(texts({ ...good, facts })).toEqual(['warning: it has cgroup v1']);
  });
});
