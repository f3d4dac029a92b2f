import { type Ask, all, nothing, on } from '../ask.ts';
import {
  apiserverCertificatePath,
  type ServingCertificate,
  servingCertificate,
} from './apiserver-certificate.ts';
import { type MemberRepair, memberRepair } from './apiserver-sans-member.ts';
import { type KubeadmFacts, kubeadmFacts } from './kubeadm-facts.ts';
import type { KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { type JoinState, joinState } from './kubeadm-state.ts';
import { type KubeletHealth, kubeletHealth, workerState } from './worker-state.ts';

/** What decides about a join. */
export interface JoinFacts {
  readonly own: KubeadmFacts;
  /** Of the host whose cluster it joins. */
  readonly from: KubeadmFacts;
  /** `null`: of no interest for a control-plane node. */
  readonly kubelet: KubeletHealth | null;
  /** Of its API server; `null`: none that can be read, or of no interest for a worker. */
  readonly certificate: ServingCertificate | null;
}

/** The questions that decide about a join. */
export function joinFacts(args: Pick<KubeadmJoinArgs, 'node_name' | 'from' | 'role'>): Ask<JoinFacts> {
  const asks: { readonly [K in keyof JoinFacts]: Ask<JoinFacts[K]> } = {
    own: kubeadmFacts(args.node_name ?? null),
    from: on({ kind: 'other', host: args.from }, kubeadmFacts(null, 'nodes')),
    kubelet: args.role === 'worker' ? kubeletHealth() : nothing(null),
    certificate: args.role === 'worker' ? nothing(null) : servingCertificate(apiserverCertificatePath),
  };
  return all(asks);
}

/** Where the node stands, for what it is to become. `address`: the one that its etcd gets. */
export function stateOf(role: KubeadmJoinArgs['role'], facts: JoinFacts, address: string | null): JoinState {
  const { own, from, kubelet } = facts;
  if (role === 'worker') return workerState({ own, from, kubelet: kubelet ?? 'silent' });
  return joinState({ own, from, address });
}

/** What the API server's certificate of a node that has joined wants; `null`: nothing. @throws Failure HAPB6590 */
export function repairOf(found: JoinState, facts: JoinFacts, host: string): MemberRepair | null {
  return found.kind === 'member' || found.kind === 'unfinished' ? memberRepair({ ...facts, host }) : null;
}
