import { describe, expect, it } from 'vitest';
import { parseShared } from '../../../../src/modules/kubernetes/join-pki.ts';
import { type KubeadmFacts, parseKubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { joinState, workerFacts } from '../../../../src/modules/kubernetes/kubeadm-state.ts';
import { parseKubeletHealth, workerState } from '../../../../src/modules/kubernetes/worker-state.ts';
import { recorded, reply } from './recorded.ts';

// cp1 has a cluster, cp2 has joined it as a worker; recorded in one moment.
const from = parseKubeadmFacts(recorded('kubeadm-state-with-nodes'));
const worker = parseKubeadmFacts(recorded('kubeadm-state-worker'));
const bare: KubeadmFacts = parseKubeadmFacts(reply('node=cp2\n'));
const alone: KubeadmFacts = { ...from, nodes: (from.nodes ?? []).filter(({ name }) => name === 'cp1') };
const state = (own: KubeadmFacts, over: Partial<Parameters<typeof workerState>[0]> = {}) =>
  workerState({ own, from, kubelet: 'healthy', ...over });

describe('a node that is to be a worker', () => {
  it('has joined: its kubelet is well, and the cluster knows it', () => {
    expect(from.nodes).toEqual([
      { name: 'cp1', ready: false, address: '10.77.22.1' },
      { name: 'cp2', ready: false, address: '10.77.22.2' },
    ]);
    expect(worker).toMatchObject({ nodeName: 'cp2', kubeletConf: 'file', ca: from.ca, manifests: [] });
    expect(state(worker)).toEqual({ kind: 'member' });
  });

  it('has nothing: join', () => {
    expect(state(bare, { from: alone, kubelet: 'silent' })).toEqual({ kind: 'none' });
  });

  it('has a kubelet that is silent: started, never reset', () => {
    expect(state(worker, { kubelet: 'silent' })).toEqual({
      kind: 'unfinished',
      missing: ['an answer of its kubelet'],
    });
  });

  it('has files, but the cluster does not know it: cleared away', () => {
    expect(state(worker, { from: alone })).toEqual({ kind: 'half-joined', member: null });
  });

  it('has only the kubeconfig with a token that a cut join leaves: cleared away', () => {
    const own = parseKubeadmFacts(reply('node=cp2\nkubelet-conf=bootstrap\n'));
    expect(state(own, { from: alone })).toEqual({ kind: 'half-joined', member: null });
    expect(joinState({ own, from: alone, address: '10.77.22.2' })).toEqual({
      kind: 'half-joined',
      member: null,
    });
  });

  it('is bare, and a living node has its name', () => {
    const node = { name: 'cp2', ready: true, address: '10.77.22.9' };
    const taken = { ...alone, nodes: [...(alone.nodes ?? []), node] };
    expect(state(bare, { from: taken })).toEqual({ kind: 'name-taken', node });
    expect(joinState({ own: bare, from: taken, address: null })).toEqual({ kind: 'name-taken', node });
  });

  it('is bare, and a dead node had its name: join', () => {
    expect(state(bare)).toEqual({ kind: 'none' });
  });

  it('is a control-plane node', () => {
    expect(state({ ...from, nodeName: 'cp2' })).toEqual({ kind: 'other-role', is: 'control-plane' });
  });

  it('is of another cluster', () => {
    expect(state({ ...worker, ca: 'sha256:other' }).kind).toBe('foreign');
  });

  it('is well while the control plane does not answer', () => {
    const silent = { ...from, api: null, nodes: null };
    expect(state(worker, { from: silent })).toEqual({ kind: 'member' });
    expect(state(bare, { from: silent })).toEqual({ kind: 'no-cluster' });
  });

  it('is a member by what check mode foresees of a join', () => {
    expect(state(workerFacts(bare, alone))).toEqual({ kind: 'member' });
  });
});

describe('a worker that is to be a control-plane node', () => {
  it('is never reset by itself', () => {
    expect(joinState({ own: worker, from, address: '10.77.22.2' })).toEqual({
      kind: 'other-role',
      is: 'worker',
    });
  });
});

describe('what a node prints', () => {
  it.each([
    ['healthy\n', 'healthy'],
    ['silent\n', 'silent'],
    ['', 'silent'],
  ])('%j is a kubelet that is %s', (stdout, health) => {
    expect(parseKubeletHealth(reply(stdout))).toBe(health);
  });

  it('of shared files is read file by file', () => {
    const stdout = 'file ca.crt\n-----BEGIN\nend of it\n\nend\nfile etcd/ca.key\nK\n\nend\n';
    const found = parseShared(reply(stdout));
    expect(found.map(({ name, content }) => `${name} ${String(content)}`)).toEqual([
      'ca.crt ‹ca.crt›',
      'etcd/ca.key ‹etcd/ca.key›',
    ]);
  });
});
