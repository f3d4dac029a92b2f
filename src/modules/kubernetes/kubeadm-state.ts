import { type EtcdMember, isMemberOf } from './etcd-members.ts';
import type { LostQuorum } from './etcd-quorum.ts';
import { type ApiView, type ClusterNode, controlPlanePods, type KubeadmFacts } from './kubeadm-facts.ts';

/** Facts of another node of the play. */
export interface OtherNode {
  readonly host: string;
  readonly facts: KubeadmFacts;
}

/** Where the first node stands. Decided from files, API and etcd together, never from one marker. */
export type InitState =
  /** Nothing of Kubernetes here. */
  | { readonly kind: 'none' }
  /** kubeadm is at work at this moment. */
  | { readonly kind: 'running'; readonly command: string }
  /** An init that did not finish, on a node that is alone: init may be run again over it. */
  | { readonly kind: 'resumable'; readonly missing: readonly string[] }
  | { readonly kind: 'member'; readonly api: ApiView }
  /** Part of a cluster with others, but its API server does not answer. Never to be initialised. */
  | { readonly kind: 'silent-member'; readonly others: readonly string[] }
  /** Part of a cluster whose etcd cannot go on before others are back. Never to be initialised. */
  | { readonly kind: 'no-quorum'; readonly lost: LostQuorum }
  /** Another node of the play has a cluster already; initialising here would make a second one. */
  | { readonly kind: 'cluster-elsewhere'; readonly host: string }
  /** It holds something of a cluster that is not this play's. */
  | { readonly kind: 'foreign'; readonly evidence: string };

/** Classifies the node that `kubeadm init` is for. */
export function initState(own: KubeadmFacts, others: readonly OtherNode[]): InitState {
  if (own.running !== null) return { kind: 'running', command: own.running };
  const missing = missingOfInit(own);
  if (own.api !== null && missing.length === 0) return { kind: 'member', api: own.api };
  const clusters = others.filter((other) => isControlPlane(other.facts));
  if (own.ca !== null) {
    const stranger = clusters.find((other) => other.facts.ca !== own.ca);
    if (stranger !== undefined) {
      return { kind: 'foreign', evidence: `its CA is not the one of ${stranger.host}, which has a cluster` };
    }
    if (own.lostQuorum !== null) return { kind: 'no-quorum', lost: own.lostQuorum };
    if (clusters.length > 0) return { kind: 'silent-member', others: clusters.map((other) => other.host) };
  }
  const [elsewhere] = clusters;
  if (elsewhere !== undefined) return { kind: 'cluster-elsewhere', host: elsewhere.host };
  if (isEmpty(own)) return { kind: 'none' };
  if (own.kubeletConf === 'file' && own.caKey === 'absent') {
    return { kind: 'foreign', evidence: 'it has a kubelet.conf but no CA key: it has joined some cluster' };
  }
  if (own.etcd !== null && own.etcd.length > 1) {
    return { kind: 'silent-member', others: own.etcd.map((member) => member.name || member.id) };
  }
  return { kind: 'resumable', missing };
}

/** Where a node stands that is to join. */
export type JoinState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly command: string }
  /** A join that did not reach etcd: reset it, then join. `member`: its entry in etcd, to be removed first. */
  | { readonly kind: 'half-joined'; readonly member: EtcdMember | null }
  /** A started voter of etcd whose join was cut after that: only the rest is done, nothing is reset. */
  | { readonly kind: 'unfinished'; readonly missing: readonly string[] }
  | { readonly kind: 'member' }
  /** etcd counts it as a voter, but the node has nothing: it was wiped or replaced. Removing a voter is for a person. */
  | { readonly kind: 'lost-voter'; readonly member: EtcdMember }
  | { readonly kind: 'foreign'; readonly evidence: string }
  /** It is in this cluster already, as what it is not to be. Only a person takes it out. */
  | { readonly kind: 'other-role'; readonly is: 'worker' | 'control-plane' }
  /** A living Node has its name: two machines with one host name, or a node that was reset a moment ago. */
  | { readonly kind: 'name-taken'; readonly node: ClusterNode }
  /** The node that it is to join has no working control plane, or its etcd does not answer. */
  | { readonly kind: 'no-cluster' };

/** What classifies a node that is to join. */
export interface JoinView {
  readonly own: KubeadmFacts;
  /** Of the node whose cluster it joins. */
  readonly from: KubeadmFacts;
  /** The address that its etcd gets; `null`: not known yet. */
  readonly address: string | null;
}

/** Classifies a node that `kubeadm join --control-plane` is for. */
export function joinState({ own, from, address }: JoinView): JoinState {
  if (own.running !== null) return { kind: 'running', command: own.running };
  if (own.ca !== null && from.ca !== null && own.ca !== from.ca) {
    return { kind: 'foreign', evidence: `its CA (${own.ca}) is not that of the cluster (${from.ca})` };
  }
  if (from.api === null || from.api.clusterConfiguration === null || from.etcd === null) {
    return own.api !== null && missingOfJoin(own).length === 0 ? { kind: 'member' } : { kind: 'no-cluster' };
  }
  const member = from.etcd.find((one) => isMemberOf(one, { name: own.nodeName, address })) ?? null;
  if (member?.state === 'voter') {
    if (own.manifests.length === 0 && own.etcdData === 'absent') return { kind: 'lost-voter', member };
    const missing = missingOfJoin(own);
    return missing.length === 0 ? { kind: 'member' } : { kind: 'unfinished', missing };
  }
  const node = from.nodes?.find((one) => one.name === own.nodeName);
  if (isEmpty(own) && member === null)
    return node?.ready === true ? { kind: 'name-taken', node } : { kind: 'none' };
  if (node !== undefined && isWorker(own)) return { kind: 'other-role', is: 'worker' };
  return { kind: 'half-joined', member };
}

/** Facts of a node as they are once it is a member: what check mode foresees. */
export function memberFacts(own: KubeadmFacts, from: KubeadmFacts | null): KubeadmFacts {
  const added: EtcdMember = { id: '0', name: own.nodeName, state: 'voter', peerUrls: [] };
  const members = [...(from?.etcd ?? []).filter((one) => one.name !== own.nodeName), added];
  return {
    nodeName: own.nodeName,
    adminConf: 'file',
    kubeletConf: 'file',
    manifests: controlPlanePods,
    ca: own.ca ?? from?.ca ?? null,
    caKey: 'file',
    etcdData: 'present',
    running: null,
    api: {
      node: 'control-plane',
      clusterConfiguration: from?.api?.clusterConfiguration ?? own.api?.clusterConfiguration ?? '',
      clusterInfo: 'present',
    },
    etcd: members,
    lostQuorum: null,
    nodes: withNode(from?.nodes ?? [], own.nodeName),
  };
}

/** Facts of a node as they are once it is a worker. */
export function workerFacts(own: KubeadmFacts, from: KubeadmFacts): KubeadmFacts {
  return { ...own, kubeletConf: 'file', ca: own.ca ?? from.ca, running: null };
}

/** The cluster's Nodes once one more is among them. It is not ready before it has a network plugin. */
export function withNode(nodes: readonly ClusterNode[], name: string): readonly ClusterNode[] {
  return [...nodes.filter((one) => one.name !== name), { name, ready: false, address: null }];
}

/** Whether a node has a whole control plane's files, working or not. */
export function isControlPlane(facts: KubeadmFacts): boolean {
  return (
    facts.kubeletConf === 'file' && facts.manifests.length === controlPlanePods.length && facts.ca !== null
  );
}

/** Whether a node has what a worker has, and nothing of a control plane. */
function isWorker(own: KubeadmFacts): boolean {
  return (
    own.kubeletConf === 'file' &&
    own.adminConf === 'absent' &&
    own.caKey === 'absent' &&
    own.manifests.length === 0 &&
    own.etcdData === 'absent'
  );
}

/** Whether a node has nothing of Kubernetes. */
export function isEmpty(own: KubeadmFacts): boolean {
  return (
    own.adminConf !== 'file' &&
    own.kubeletConf === 'absent' &&
    own.manifests.length === 0 &&
    own.ca === null &&
    own.etcdData === 'absent'
  );
}

function missingOfJoin(own: KubeadmFacts): readonly string[] {
  return [
    ...(own.adminConf === 'file' ? [] : ['admin.conf']),
    ...(own.kubeletConf === 'file' ? [] : ['kubelet.conf']),
    ...controlPlanePods.filter((pod) => !own.manifests.includes(pod)).map((pod) => `manifest of ${pod}`),
    ...(own.api === null
      ? ['an answer of its API server']
      : own.api.node === 'control-plane'
        ? []
        : [own.api.node === 'absent' ? 'its Node object' : 'the control-plane label of its Node']),
  ];
}

function missingOfInit(own: KubeadmFacts): readonly string[] {
  return [
    ...missingOfJoin(own),
    ...(own.api === null || own.api.clusterConfiguration !== null ? [] : ['the kubeadm-config ConfigMap']),
    ...(own.api === null || own.api.clusterInfo === 'present' ? [] : ['the cluster-info ConfigMap']),
  ];
}
