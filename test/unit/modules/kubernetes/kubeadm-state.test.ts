import { describe, expect, it } from 'vitest';
import type { EtcdMember } from '../../../../src/modules/kubernetes/etcd-members.ts';
import type { KubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { initState, joinState, memberFacts } from '../../../../src/modules/kubernetes/kubeadm-state.ts';
import { bare, member } from './recorded.ts';

const voters = member.etcd ?? [];
const joiner: KubeadmFacts = { ...member, nodeName: 'cp2' };
const from = member;
const address = '10.77.0.2';

function withMember(state: EtcdMember['state'] | null): KubeadmFacts {
  const others = voters.filter((one) => one.name !== 'cp2');
  const url = `https://${address}:2380`;
  const own = { id: 'abc', name: state === 'unstarted' ? '' : 'cp2', peerUrls: [url] };
  return { ...from, etcd: state === null ? others : [...others, { ...own, state }] };
}

describe('a node that is to be the first', () => {
  it('has nothing: init', () => {
    expect(initState(bare, [{ host: 'cp2', facts: bare }])).toEqual({ kind: 'none' });
  });

  it('is a working member: nothing to do', () => {
    expect(initState(member, [{ host: 'cp2', facts: joiner }]).kind).toBe('member');
  });

  it('has the files of an init that was cut: init again', () => {
    const cut = { ...member, kubeletConf: 'absent', api: null, etcd: null, manifests: [] } as const;
    expect(initState(cut, [{ host: 'cp2', facts: bare }])).toMatchObject({ kind: 'resumable' });
  });

  it('answers, but init did not come to the cluster-info', () => {
    const api = { node: 'control-plane', clusterConfiguration: 'x', clusterInfo: 'absent' } as const;
    const cut = { ...member, api, etcd: voters.slice(0, 1) };
    expect(initState(cut, [])).toEqual({ kind: 'resumable', missing: ['the cluster-info ConfigMap'] });
  });

  it('is at work', () => {
    expect(initState({ ...bare, running: 'init' }, [])).toEqual({ kind: 'running', command: 'init' });
  });

  it('is part of a cluster and silent: never initialised', () => {
    const silent = { ...member, api: null, etcd: null };
    expect(initState(silent, [{ host: 'cp2', facts: joiner }])).toEqual({
      kind: 'silent-member',
      others: ['cp2'],
    });
  });

  it('is part of a cluster whose etcd waits for others: never initialised', () => {
    const lost = { voters: 3, off: ['cp2 (https://10.77.0.2:2380)', 'cp3 (https://10.77.0.3:2380)'] };
    const waiting = { ...member, api: null, etcd: null, lostQuorum: lost };
    expect(initState(waiting, [])).toEqual({ kind: 'no-quorum', lost });
    expect(initState(waiting, [{ host: 'cp2', facts: joiner }])).toEqual({ kind: 'no-quorum', lost });
  });

  it('is bare while another node has a cluster: never initialised', () => {
    expect(initState(bare, [{ host: 'cp2', facts: joiner }])).toEqual({
      kind: 'cluster-elsewhere',
      host: 'cp2',
    });
  });

  it('has another CA than a cluster of the play', () => {
    const stranger = { ...member, api: null, ca: 'sha256:other' };
    expect(initState(stranger, [{ host: 'cp2', facts: joiner }]).kind).toBe('foreign');
  });

  it('has joined some cluster as a worker', () => {
    const worker = { ...bare, kubeletConf: 'file', ca: 'sha256:other' } as const;
    expect(initState(worker, []).kind).toBe('foreign');
  });
});

describe('a node that is to join', () => {
  it('has nothing: join', () => {
    expect(joinState({ own: bare, from, address: '10.77.0.5' })).toEqual({ kind: 'none' });
  });

  it('is a member: nothing to do', () => {
    expect(joinState({ own: joiner, from, address })).toEqual({ kind: 'member' });
  });

  it('left an unstarted member behind: cleared away', () => {
    const state = joinState({ own: { ...bare, nodeName: 'cp2' }, from: withMember('unstarted'), address });
    expect(state).toMatchObject({ kind: 'half-joined', member: { id: 'abc', state: 'unstarted' } });
  });

  it('is still a learner after its kubeadm is gone: cleared away', () => {
    const own = { ...joiner, api: null };
    expect(joinState({ own, from: withMember('learner'), address }).kind).toBe('half-joined');
  });

  it('has files but never reached etcd: cleared away', () => {
    const own = { ...joiner, api: null, etcd: null, manifests: [] };
    expect(joinState({ own, from: withMember(null), address })).toEqual({
      kind: 'half-joined',
      member: null,
    });
  });

  it('is a started voter whose join was cut: finished, never reset', () => {
    const api = { node: 'worker', clusterConfiguration: 'x', clusterInfo: 'present' } as const;
    expect(joinState({ own: { ...joiner, api }, from, address })).toEqual({
      kind: 'unfinished',
      missing: ['the control-plane label of its Node'],
    });
  });

  it('is a started voter whose API server is down: never reset', () => {
    expect(joinState({ own: { ...joiner, api: null, etcd: null }, from, address }).kind).toBe('unfinished');
  });

  it('was wiped while etcd counts it: left to a person', () => {
    expect(joinState({ own: { ...bare, nodeName: 'cp2' }, from, address }).kind).toBe('lost-voter');
  });

  it('belongs to another cluster', () => {
    expect(joinState({ own: { ...joiner, ca: 'sha256:other' }, from, address }).kind).toBe('foreign');
  });

  it.each([
    ['the first node has nothing', bare],
    ['its API server is silent', { ...member, api: null }],
    ['its etcd is silent', { ...member, etcd: null }],
  ])('finds no cluster when %s', (_, first) => {
    expect(joinState({ own: bare, from: first, address }).kind).toBe('no-cluster');
  });

  it('stays a member while the first node is down', () => {
    expect(joinState({ own: joiner, from: { ...member, api: null, etcd: null }, address }).kind).toBe(
      'member',
    );
  });
});

describe('what check mode foresees', () => {
  it('makes a bare node a member, so that joining it can be foreseen', () => {
    const first = memberFacts({ ...bare, nodeName: 'cp1' }, null);
    expect(initState(first, []).kind).toBe('member');
    expect(joinState({ own: bare, from: first, address: null })).toEqual({ kind: 'none' });
    const joined = memberFacts(bare, first);
    expect(joinState({ own: joined, from: joined, address: null })).toEqual({ kind: 'member' });
  });
});
