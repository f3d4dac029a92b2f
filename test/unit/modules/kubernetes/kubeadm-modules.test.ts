import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { KubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { kubeadmInit } from '../../../../src/modules/kubernetes/kubeadm-init.ts';
import type { KubeadmInitArgs } from '../../../../src/modules/kubernetes/kubeadm-init-args.ts';
import { kubeadmJoin } from '../../../../src/modules/kubernetes/kubeadm-join.ts';
import type { KubeadmJoinArgs } from '../../../../src/modules/kubernetes/kubeadm-join-args.ts';
import { bare, bareNetwork, certificate, member, problemOf, taskOn } from './recorded.ts';

const node = {
  endpoint: 'k8s-api.lab',
  advertise_address: 'auto',
  port: 6443,
  cri_socket: 'unix:///run/containerd/containerd.sock',
  ignore_preflight_errors: [],
  on_partial: 'resume',
  timeout: 600,
} as const;
const initArgs: KubeadmInitArgs = {
  ...node,
  kubernetes_version: 'v1.34.2',
  cert_sans: ['10.77.0.60'],
  service_subnet: '10.96.0.0/12',
  dns_domain: 'cluster.local',
  skip_phases: ['addon/kube-proxy'],
  feature_gates: {},
  kubelet: {},
  config_patch: [],
  upload_certs: true,
  config_path: '/etc/kubernetes/hapb-kubeadm.yaml',
};
const joinArgs: KubeadmJoinArgs = {
  ...node,
  from: 'cp1',
  role: 'control-plane',
  wait: 'etcd',
  wait_etcd: true,
  wait_etcd_timeout: 300,
  discovery: 'token',
  certs: 'download',
  skip_phases: [],
};

function init(own: KubeadmFacts, over: Partial<KubeadmInitArgs> = {}, other: KubeadmFacts = bare) {
  const state = {
    own,
    others: [{ host: 'cp2', facts: other }],
    network: bareNetwork,
    certificate,
    kept: { kind: 'absent' },
    version: 'v1.34.2',
    objection: null,
  } as const;
  return kubeadmInit.diff({ ...initArgs, ...over }, state, taskOn('cp1'));
}

function join(own: KubeadmFacts, over: Partial<KubeadmJoinArgs> = {}, from: KubeadmFacts = member) {
  const facts = { own, from, kubelet: null, certificate };
  return kubeadmJoin.diff({ ...joinArgs, ...over }, { facts, network: bareNetwork }, taskOn('cp5'));
}

describe('kubeadm_init', () => {
  it('shows the whole configuration before it does anything', () => {
    const change = init(bare);
    expect(change?.summary).toBe('initialise the control plane k8s-api.lab:6443 (v1.34.2)');
    expect(change?.edits[0]?.after).toContain('  advertiseAddress: 10.77.0.5\n');
    expect(change?.edits[0]?.after).toContain('  certSANs:\n  - k8s-api.lab\n  - 10.77.0.60\n');
  });

  it('has nothing to do on a member', () => {
    expect(init(member, {}, { ...member, nodeName: 'cp2' })).toBeNull();
  });

  it('says what an init that was cut still lacks', () => {
    const cut = { ...member, api: null, etcd: null, kubeletConf: 'absent' } as const;
    expect(init(cut)?.summary).toBe(
      'finish the init that was cut (missing: kubelet.conf, an answer of its API server)',
    );
  });

  it('begins anew when told so, where etcd has not begun', () => {
    const cut = { ...member, api: null, etcd: null, kubeletConf: 'absent', etcdData: 'absent' } as const;
    const change = init(cut, { on_partial: 'reset' });
    expect(change?.summary).toBe(
      'reset the init that was cut (missing: kubelet.conf, an answer of its API server), and initialise anew',
    );
    const facts = change?.effects.find(({ key }) => key === 'kubeadm:state')?.state;
    expect(facts).toMatchObject({ ca: null, manifests: member.manifests, etcdData: 'present' });
    if (change === undefined || change === null) throw new Error('nothing to do');
    expect(kubeadmInit.foreseen?.(change)).not.toHaveProperty('ca_hash');
  });

  it.each([
    [
      'to reset an etcd that has begun',
      { ...member, api: null, etcd: null },
      { on_partial: 'reset' as const },
      bare,
    ],
    ['another endpoint', member, { endpoint: 'other.lab' }, bare],
    [
      'another subnet in a patch',
      member,
      { config_patch: [{ kind: 'ClusterConfiguration', networking: { serviceSubnet: '10.0.0.0/12' } }] },
      bare,
    ],
    ['a second cluster', bare, {}, { ...member, nodeName: 'cp2' }],
    ['a directory for admin.conf', { ...bare, adminConf: 'directory' as const }, {}, bare],
    [
      'a partial node when told so',
      { ...member, api: null, etcd: null },
      { on_partial: 'fail' as const },
      bare,
    ],
    ['an address that is not its own', bare, { advertise_address: '10.77.0.9' }, bare],
  ])('refuses %s', (_, own, over, other) => {
    expect(problemOf(() => init(own, over, other))).toMatchSnapshot();
  });
});

describe('kubeadm_join', () => {
  it('joins a bare node', () => {
    expect(join(bare)?.summary).toBe('join the control plane k8s-api.lab through cp1');
    expect(join(bare)?.forecast).toEqual({ kind: 'known' });
  });

  it('has nothing to do on a member', () => {
    expect(join({ ...member, nodeName: 'cp3' })).toBeNull();
  });

  it('renews the certificate of a member that lacks a name of its cluster, or lost it', () => {
    const clusterConfiguration = (member.api?.clusterConfiguration ?? '').replace(
      '  - 10.77.0.60\n',
      '  - 10.77.0.60\n  - api.example.org\n',
    );
    const from = { ...member, api: member.api && { ...member.api, clusterConfiguration } };
    const own = { ...member, nodeName: 'cp3' };
    expect(join(own, {}, from)?.summary).toBe("renew the API server's certificate with api.example.org");
    const silent = { ...own, api: null, etcd: null };
    expect(join(silent, {}, from)).toBeNull();
  });

  it('changes nothing itself where it waits for a kubeadm that is at work, and so does an init', () => {
    const following = join({ ...bare, running: 'join' });
    if (following === null) throw new Error('there is something to wait for');
    expect(following.summary).toBe('follow the kubeadm join that is running');
    expect(kubeadmJoin.foreseen?.(following)).toMatchObject({ changed: false });
    const initialising = init({ ...bare, running: 'init' });
    if (initialising === null) throw new Error('there is something to wait for');
    expect(kubeadmInit.foreseen?.(initialising)).toMatchObject({ changed: false });
  });

  it('leaves what comes after etcd to the task that waits for it', () => {
    const cut = { ...member, nodeName: 'cp3', api: null, etcd: null };
    expect(join(cut)).toBeNull();
    expect(join(cut, { wait: 'complete' })?.summary).toBe(
      'finish the join that was cut (missing: an answer of its API server)',
    );
  });

  it('names the member that it will remove', () => {
    const unstarted = {
      id: 'abc',
      name: '',
      state: 'unstarted',
      peerUrls: ['https://10.77.0.5:2380'],
    } as const;
    const from = { ...member, etcd: [...(member.etcd ?? []), unstarted] };
    expect(join(bare, {}, from)?.summary).toBe(
      'remove member abc (unstarted) from etcd, reset the join that was cut, and join again',
    );
  });

  it.each([
    ['a node of another cluster', { ...member, nodeName: 'cp5', ca: 'sha256:other' }, member],
    ['a cluster that is not there', bare, bare],
    ['a voter that was wiped', { ...bare, nodeName: 'cp2' }, member],
  ])('refuses %s', (_, own, from) => {
    expect(problemOf(() => join(own, {}, from))).toMatchSnapshot();
  });

  it.each([
    [
      'a worker that is to become a control-plane node',
      { ...bare, kubeletConf: 'file' as const, ca: member.ca },
      false,
    ],
    ['the name of a living node', bare, true],
  ])('refuses %s', (_, own, ready) => {
    const from = { ...member, nodes: [{ name: 'cp5', ready, address: '10.77.0.9' }] };
    expect(problemOf(() => join(own, {}, from))).toMatchSnapshot();
  });

  it.each([
    ['a hash of another CA', { ca_cert_hash: `sha256:${'a'.repeat(64)}` }],
    ['a token that is none', { token: new Secret('abc', 'token') }],
    ['a certificate key that is none', { certificate_key: new Secret('abc', 'key') }],
    [
      'a key for certificates that are copied',
      { certs: 'copy', certificate_key: new Secret('ab'.repeat(32), 'key') },
    ],
    ['a worker that waits for etcd', { role: 'worker' }],
    ['a worker with certificates', { role: 'worker', wait: 'complete', certs: 'copy' }],
  ] as const)('refuses %s', (_, over) => {
    expect(problemOf(() => join(bare, over))).toMatchSnapshot();
  });

  it('after a foreseen init is foreseen too', () => {
    const effect = init({ ...bare, nodeName: 'cp1' })?.effects[0];
    expect(join(bare, {}, effect?.state as KubeadmFacts)?.summary).toBe(
      'join the control plane k8s-api.lab through cp1',
    );
  });
});
