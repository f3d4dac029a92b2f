import { describe, expect, it } from 'vitest';
import { knownSecrets } from '../../../../src/core/secret.ts';
import type { EtcdMember } from '../../../../src/modules/kubernetes/etcd-members.ts';
import type { EtcdView } from '../../../../src/modules/kubernetes/etcd-view.ts';
import type { KubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { join } from '../../../../src/modules/kubernetes/kubeadm-join-steps.ts';
import type { DurableCommand } from '../../../../src/modules/module.ts';
import { type FakeHost, fakeHost } from '../../../../src/testing/fake-host.ts';
import { bare, certificate, certificateKey, member } from './recorded.ts';

const plan = {
  address: '10.77.0.2',
  nodeName: 'cp2',
  args: {
    endpoint: 'k8s-api.lab',
    advertise_address: 'auto',
    port: 6443,
    cri_socket: 'unix:///run/containerd/containerd.sock',
    ignore_preflight_errors: [],
    on_partial: 'resume',
    timeout: 60,
    from: 'cp1',
    role: 'control-plane',
    wait: 'complete',
    wait_etcd: true,
    wait_etcd_timeout: 300,
    discovery: 'token',
    certs: 'download',
    skip_phases: [],
  },
} as const;
const joined: KubeadmFacts = { ...member, nodeName: 'cp2' };
const without = (member.etcd ?? []).filter((one) => one.name !== 'cp2');
const whole: EtcdView = {
  members: without,
  health: without.map((one) => ({ endpoint: one.peerUrls[0] ?? '', healthy: true })),
};

interface Cluster {
  readonly node: FakeHost;
  readonly first: FakeHost;
}

/** A cluster that cp2 is not in; `kubeadm join` makes it a member. */
function cluster(own: KubeadmFacts, entry: EtcdMember | null): Cluster {
  const etcd = entry === null ? without : [...without, entry];
  const first = fakeHost({
    name: 'cp1',
    answers: { 'kubeadm:state': { ...member, etcd }, 'etcd:view': whole, 'kubeadm:ca': 'PEM\n' },
    onRun: ({ sh }) => {
      if (sh.includes('member remove')) first.teach('kubeadm:state', { ...member, etcd: without });
      return {};
    },
  });
  const node: FakeHost = fakeHost({
    name: 'cp2',
    answers: { [certificateKey]: certificate, 'kubeadm:state': own },
    others: { cp1: first },
    onRun: ({ sh }) => {
      if (sh.includes('k label node')) node.teach('kubeadm:state', joined);
      return {};
    },
    onDurable: (command) => {
      if (command.sh.includes('kubeadm reset')) node.teach('kubeadm:state', { ...bare, nodeName: 'cp2' });
      else {
        node.teach('kubeadm:state', joined);
        first.teach('kubeadm:state', member);
      }
      return { kind: 'finished', exitCode: 0, output: '', adopted: false };
    },
  });
  return { node, first };
}

function durables(host: FakeHost): readonly DurableCommand[] {
  return host.deeds.flatMap((deed) => (deed.kind === 'durable' ? [deed.command] : []));
}

function scripts(host: FakeHost): string {
  return host.deeds.map((deed) => (deed.kind === 'run' ? deed.call.sh : '')).join('\n');
}

describe('joining a node', () => {
  it('hands kubeadm a token and a key that appear in no argument', async () => {
    const { node, first } = cluster({ ...bare, nodeName: 'cp2' }, null);
    expect(await join(plan, node)).toEqual({ node: 'cp2', phase: 'complete', changed: true });
    const [command, ...others] = durables(node);
    expect(others).toEqual([]);
    expect(command?.args).toEqual(['join', '', '']);
    expect(String(command?.stdin)).toBe('‹kubeadm join configuration›');
    const config = [...knownSecrets().keys()].find((text) => text.includes('kind: JoinConfiguration')) ?? '';
    const token = /token: "?([a-z0-9.]+)/.exec(config)?.[1] ?? 'none';
    const key = /certificateKey: "?([0-9a-f]{64})/.exec(config)?.[1] ?? 'none';
    expect(knownSecrets().get(token)).toBe('join token');
    expect(knownSecrets().get(key)).toBe('certificate key');
    const told = JSON.stringify([node.deeds, first.deeds]);
    expect(told).not.toContain(token);
    expect(told).not.toContain(key);
  });

  it('revokes the token when it is done', async () => {
    const { node, first } = cluster({ ...bare, nodeName: 'cp2' }, null);
    await join(plan, node);
    expect(scripts(first)).toContain('delete secret');
  });

  it('clears away what a join left that did not reach etcd', async () => {
    const entry: EtcdMember = {
      id: 'abc',
      name: '',
      state: 'unstarted',
      peerUrls: ['https://10.77.0.2:2380'],
    };
    const { node, first } = cluster({ ...joined, api: null, etcd: null }, entry);
    await join(plan, node);
    const removal = first.deeds.find((deed) => deed.kind === 'run' && deed.call.sh.includes('member remove'));
    expect(removal?.kind === 'run' ? removal.call.args : []).toEqual(['cp2', 'abc']);
    expect(durables(node).map((command) => command.sh.includes('kubeadm reset'))).toEqual([true, false]);
  });

  it('never resets a started voter: it marks the Node and is done', async () => {
    const entry: EtcdMember = {
      id: 'abc',
      name: 'cp2',
      state: 'voter',
      peerUrls: ['https://10.77.0.2:2380'],
    };
    const api = { node: 'worker', clusterConfiguration: 'x', clusterInfo: 'present' } as const;
    const { node, first } = cluster({ ...joined, api }, entry);
    expect(await join(plan, node)).toEqual({ node: 'cp2', phase: 'complete', changed: true });
    expect(durables(node)).toEqual([]);
    expect(scripts(first)).not.toContain('member remove');
  });

  it('leaves the rest of it alone when asked for etcd only', async () => {
    const entry: EtcdMember = {
      id: 'abc',
      name: 'cp2',
      state: 'voter',
      peerUrls: ['https://10.77.0.2:2380'],
    };
    const { node } = cluster({ ...joined, api: null, etcd: null }, entry);
    const wait = { ...plan, args: { ...plan.args, wait: 'etcd' as const } };
    expect(await join(wait, node)).toEqual({ node: 'cp2', phase: 'etcd', changed: false });
    expect(node.deeds).toEqual([]);
  });
});
