import { type Change, type Effect, known } from '../../core/change.ts';
import type { Output } from '../../core/value.ts';
import { all } from '../ask.ts';
import type { Module } from '../module.ts';
import { joinedCertificate } from './apiserver-sans-member.ts';
import { type JoinFacts, joinFacts, repairOf, stateOf } from './join-facts.ts';
import { refuseJoin } from './join-refusal.ts';
import { refuseDirectoryTrap, refusePartial } from './kubeadm-common.ts';
import { type KubeadmFacts, kubeadmKey } from './kubeadm-facts.ts';
import { checkCaHash, checkJoinArgs, joinArgs, type KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { type JoinPlan, join } from './kubeadm-join-steps.ts';
import { type JoinState, memberFacts, withNode, workerFacts } from './kubeadm-state.ts';
import { type Network, network } from './network.ts';
import { nodeAddress } from './node-address.ts';
import { kubeletKey } from './worker-state.ts';

interface State {
  readonly facts: JoinFacts;
  readonly network: Network;
}

interface Wanted extends Change {
  readonly plan: JoinPlan;
  /** Whether a kubeadm is at work, which is only waited for. */
  readonly follows: boolean;
}

/** Adds a node to a cluster. */
export const kubeadmJoin: Module<KubeadmJoinArgs, State, Wanted> = {
  name: 'kubeadm_join',
  summary: 'Adds a node to the control plane, or a worker to the cluster, with kubeadm join.',
  notes: [
    'Token and certificate key are made anew for each join, on the host named by `from`; they reach kubeadm without being written to a disk or an argument list, and the token is revoked afterwards. `token` and `certificate_key` give your own; where the cluster does not take them (any more), the join is done once more with fresh ones.',
    'Before kubeadm is started, every member of etcd must be a healthy voter, the CA must be the one that the playbook insists on, and the endpoint must answer on the joining node.',
    'A join that was cut before the node became a voter of etcd is cleared away (its member is removed, the node is reset) and done again; a node that is a started voter is never reset, only the rest is done. A worker never becomes a control-plane node by itself, nor the other way round.',
    'etcd admits one new member at a time, so let the joins of control-plane nodes follow one another with `throttle: 1`. With `wait: etcd` a join gives way to the next one as soon as etcd is whole again; a second task with `wait: complete` waits for the rest. Workers may join all at once.',
    "A name that was added to the cluster's certSANs (kubeadm_init does it) gets into the certificate of the node's API server too, without an interruption; a certificate that is lost is made anew. The old pair is kept in /etc/kubernetes/hapb-backup.",
    'Check mode says what would be done. What the checks of kubeadm itself will find, it cannot foresee.',
    'Undo: for a control-plane node remove the member from etcd first; then `kubectl delete node`, and `kubeadm reset -f` on the node.',
  ],
  args: joinArgs,
  traits: ['durable'],
  returns: { node: "The Node's name.", phase: '`etcd`: kubeadm is still at work; `complete`: done.' },
  example: `- name: Join, one etcd member after the other
  kubeadm_join:
    endpoint: k8s-api.example.net:6443
    from: cp1
    wait: etcd
  throttle: 1
- name: Wait for the rest of each join
  kubeadm_join:
    endpoint: k8s-api.example.net:6443
    from: cp1
- name: Join a worker
  kubeadm_join:
    endpoint: k8s-api.example.net:6443
    from: cp1
    role: worker
`,
  probe: (args) => all({ facts: joinFacts(args), network: network() }),
  diff: (args, { facts, network: found }, task) => {
    checkJoinArgs(args);
    refuseDirectoryTrap(facts.own, task.host);
    const address = nodeAddress(args.advertise_address, found, task.host);
    const { nodeName } = facts.own;
    checkCaHash(args, facts.from.ca);
    const state = stateOf(args.role, facts, address);
    const plan: JoinPlan = { args, address, nodeName };
    const repair = repairOf(state, facts, task.host);
    if (repair !== null) {
      const { summary, edits, effects } = repair;
      return { plan, summary, edits, effects, forecast: known, follows: false };
    }
    const summary = summaryFor(args, state, { host: task.host, address });
    if (summary === null) return null;
    const subject = args.role === 'worker' ? `worker ${nodeName}` : `member ${nodeName} of the control plane`;
    return {
      plan,
      summary,
      edits: [{ subject, before: null, after: `${address}\n` }],
      effects: args.role === 'worker' ? joinedWorker(args, facts) : joined(plan, facts),
      forecast: known,
      follows: state.kind === 'running',
    };
  },
  apply: (wanted, host) => join(wanted.plan, host),
  output: (_args, state) => outputOf(state.facts.own.nodeName, 'complete'),
  foreseen: ({ plan, follows }) => ({
    ...outputOf(plan.nodeName, plan.args.wait),
    // What is waited for, another task or run has begun.
    ...(follows ? { changed: false } : {}),
  }),
};

/** The node will be a member, and the cluster will know it. */
function joined({ args, address, nodeName }: JoinPlan, facts: JoinFacts): readonly Effect[] {
  const own = memberFacts(facts.own, facts.from);
  const from: KubeadmFacts = { ...facts.from, etcd: own.etcd, nodes: own.nodes };
  return [
    { key: kubeadmKey, state: own },
    joinedCertificate(from, { name: nodeName, address }),
    { key: kubeadmKey, state: from, host: args.from },
  ];
}

/** The node will be a worker with a living kubelet, and the cluster will know it. */
function joinedWorker(args: KubeadmJoinArgs, { own, from }: JoinFacts): readonly Effect[] {
  const nodes = withNode(from.nodes ?? [], own.nodeName);
  return [
    { key: kubeadmKey, state: workerFacts(own, from) },
    { key: kubeletKey, state: 'healthy' },
    { key: kubeadmKey, state: { ...from, nodes }, host: args.from },
  ];
}

function outputOf(node: string, phase: string): Output {
  return { node, phase };
}

interface Place {
  readonly host: string;
  readonly address: string;
}

/** What is to be done, in words; `null`: nothing. @throws Failure when nothing can be */
function summaryFor(args: KubeadmJoinArgs, found: JoinState, { host, address }: Place): string | null {
  switch (found.kind) {
    case 'member':
      return null;
    case 'none':
      return args.role === 'worker'
        ? `join the cluster ${args.endpoint} as a worker through ${args.from}`
        : `join the control plane ${args.endpoint} through ${args.from}`;
    case 'running':
      return `follow the kubeadm ${found.command} that is running`;
    case 'unfinished':
      if (args.wait === 'etcd') return null;
      return `finish the join that was cut (missing: ${found.missing.join(', ')})`;
    case 'half-joined':
      if (args.on_partial === 'fail')
        refusePartial(
          host,
          args.role === 'worker' ? 'the cluster does not know it' : 'it did not reach etcd',
        );
      return found.member === null
        ? 'reset the join that was cut, and join again'
        : `remove member ${found.member.id} (${found.member.state}) from etcd, reset the join that was cut, and join again`;
    case 'foreign':
    case 'no-cluster':
    case 'lost-voter':
    case 'other-role':
    case 'name-taken':
      return refuseJoin(found, { host, from: args.from, address });
  }
}
