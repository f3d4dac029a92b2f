import { type Change, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, on } from '../ask.ts';
import type { Module } from '../module.ts';
import { refuseDirectoryTrap, refuseForeign, refusePartial } from './kubeadm-common.ts';
import { type KubeadmFacts, kubeadmFacts, kubeadmKey } from './kubeadm-facts.ts';
import { joinArgs, type KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { type JoinPlan, join } from './kubeadm-join-steps.ts';
import { type JoinState, joinState, memberFacts } from './kubeadm-state.ts';
import { type Network, network } from './network.ts';
import { nodeAddress } from './node-address.ts';

interface State {
  readonly own: KubeadmFacts;
  readonly from: KubeadmFacts;
  readonly network: Network;
}

interface Wanted extends Change {
  readonly plan: JoinPlan;
}

/** Adds a node to a control plane. */
export const kubeadmJoin: Module<KubeadmJoinArgs, State, Wanted> = {
  name: 'kubeadm_join',
  summary: 'Adds a node to the control plane with kubeadm join.',
  notes: [
    'Token and certificate key are made anew for each join, on the host named by `from`; they reach kubeadm without being written to a disk or an argument list, and the token is revoked afterwards.',
    'A join that was cut before the node became a voter of etcd is cleared away (its member is removed, the node is reset) and done again; a node that is a started voter is never reset, only the rest is done.',
    'etcd admits one new member at a time, so let the joins follow one another with `throttle: 1`. With `wait: etcd` a join gives way to the next one as soon as etcd is whole again; a second task with `wait: complete` waits for the rest.',
    'Undo: remove the member from etcd, `kubectl delete node`, and `kubeadm reset -f` on the node.',
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
`,
  probe: (args) =>
    all({
      own: kubeadmFacts(args.node_name ?? null),
      from: on({ kind: 'other', host: args.from }, kubeadmFacts(null)),
      network: network(),
    }),
  diff: (args, state, task) => {
    refuseDirectoryTrap(state.own, task.host);
    const address = nodeAddress(args.advertise_address, state.network, task.host);
    const found = joinState({ own: state.own, from: state.from, address });
    const summary = summaryFor(args, found, task.host);
    if (summary === null) return null;
    return {
      plan: { args, address, nodeName: state.own.nodeName },
      summary,
      edits: [
        { subject: `member ${state.own.nodeName} of the control plane`, before: null, after: `${address}\n` },
      ],
      effects: joined(args, state),
      forecast: known,
    };
  },
  apply: (wanted, host) => join(wanted.plan, host),
  output: (_args, state) => outputOf(state.own.nodeName, 'complete'),
  foreseen: (wanted) => outputOf(wanted.plan.nodeName, wanted.plan.args.wait),
};

/** The node will be a member, and the cluster will know it. */
function joined(args: KubeadmJoinArgs, state: State): readonly Effect[] {
  const own = memberFacts(state.own, state.from);
  const from: KubeadmFacts = { ...state.from, etcd: own.etcd };
  return [
    { key: kubeadmKey, state: own },
    { key: kubeadmKey, state: from, host: args.from },
  ];
}

function outputOf(node: string, phase: string): Output {
  return { node, phase };
}

/** What is to be done, in words; `null`: nothing. */
function summaryFor(args: KubeadmJoinArgs, found: JoinState, host: string): string | null {
  switch (found.kind) {
    case 'member':
      return null;
    case 'none':
      return `join the control plane ${args.endpoint} through ${args.from}`;
    case 'running':
      return `follow the kubeadm ${found.command} that is running`;
    case 'unfinished':
      if (args.wait === 'etcd') return null;
      return `finish the join that was cut (missing: ${found.missing.join(', ')})`;
    case 'half-joined':
      if (args.on_partial === 'fail') refusePartial(host, 'it did not reach etcd');
      return found.member === null
        ? 'reset the join that was cut, and join again'
        : `remove member ${found.member.id} (${found.member.state}) from etcd, reset the join that was cut, and join again`;
    case 'foreign':
      return refuseForeign(host, found.evidence);
    case 'no-cluster':
      throw new Failure({
        code: 'HAPB6528',
        message: `${args.from} has no working control plane that ${host} could join`,
        hint: `Run kubeadm_init on ${args.from} first; if it was done, look at its API server and etcd.`,
        argument: 'from',
      });
    case 'lost-voter':
      throw new Failure({
        code: 'HAPB6529',
        message: `etcd counts ${host} as a voter (member ${found.member.id}), but the node holds nothing of the cluster`,
        hint: `If the machine was replaced or wiped, remove it first, on ${args.from}: kubectl -n kube-system exec etcd-${args.from} -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key member remove ${found.member.id}; then kubectl delete node ${found.member.name}. Voters are never removed by hapb.`,
      });
  }
}
