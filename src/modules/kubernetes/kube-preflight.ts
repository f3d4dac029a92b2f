import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, each, map, nothing, on } from '../ask.ts';
import type { Module, TaskContext } from '../module.ts';
import { vipInterface } from './kube-vip-interface.ts';
import { withPort } from './kubeadm-common.ts';
import { type KubeadmFacts, kubeadmFacts } from './kubeadm-facts.ts';
import { initState, isControlPlane } from './kubeadm-state.ts';
import { addressBeside, type Network, network } from './network.ts';
import { nodeAddress } from './node-address.ts';
import { type Finding, findings } from './preflight-checks.ts';
import { type Identity, identityOfNode, type NodeFacts, nodeFacts } from './preflight-facts.ts';

interface Args {
  readonly vip: string;
  readonly interface: string;
  readonly mode: 'arp' | 'bgp';
  readonly kubernetes_version: string;
  readonly endpoint?: string;
  readonly kube_vip_version?: string;
  readonly ignore: readonly string[];
}

interface State {
  readonly own: Identity;
  readonly facts: NodeFacts;
  readonly kubeadm: KubeadmFacts;
  readonly network: Network;
  /** The first host's, for what it says for all; `null`: this is the first. */
  readonly firstNetwork: Network | null;
  readonly others: readonly { readonly host: string; readonly identity: Identity }[];
}

/** Looks whether nodes are fit for a control plane. */
export const kubePreflight: Module<Args, State> = {
  name: 'kube_preflight',
  summary:
    'Checks that a node is fit for the control plane, by itself and beside the other hosts of the play.',
  notes: [
    'Changes nothing. All findings of a host are reported together, each with its remedy. Beside the other hosts it compares host name, machine id, product_uuid, hardware addresses and cluster CA, and it looks who answers for the VIP.',
    'The result tells the interface that is to carry the VIP and the address of the node in its network.',
  ],
  args: {
    type: 'object',
    properties: {
      vip: { description: 'The virtual address.', type: 'string' },
      interface: {
        description: 'Interface that carries it; `auto`: found by its network.',
        type: 'string',
        default: 'auto',
      },
      mode: { description: 'How the VIP is announced.', enum: ['arp', 'bgp'], default: 'arp' },
      kubernetes_version: { description: 'Version that is to run.', type: 'string' },
      endpoint: {
        description:
          'Name and port of the control plane (port 6443 unless given); compared with that of a cluster that is there.',
        type: 'string',
      },
      kube_vip_version: { description: 'Version of kube-vip that is to run.', type: 'string' },
      ignore: {
        description: 'Findings to take as warnings: texts that occur in them.',
        type: 'array',
        items: { type: 'string', minLength: 3 },
        default: [],
      },
    },
    required: ['vip', 'kubernetes_version'],
    additionalProperties: false,
  },
  returns: {
    interface: 'Interface that is to carry the VIP.',
    address: "The node's address in the VIP's network.",
    cluster:
      '`none`: nothing of Kubernetes; `partial`: begun, not finished; `member`: a working control-plane node; `silent`: one whose API server does not answer.',
    node_name: 'Name that its Node gets.',
    warnings: 'Findings that do not stop the play.',
  },
  example: `- kube_preflight:
    vip: 172.24.1.60
    kubernetes_version: v1.34.2
  register: preflight
`,
  probe: (args, task) => {
    const others = task.playHosts.filter((name) => name !== task.host);
    const first = others.includes(task.playHosts[0] ?? '') ? task.playHosts[0] : undefined;
    return all({
      own: identityOfNode(),
      facts: nodeFacts(args.vip),
      kubeadm: kubeadmFacts(null),
      network: network(),
      firstNetwork: first === undefined ? nothing(null) : on({ kind: 'other', host: first }, network()),
      others: each(
        others.map((host) =>
          map(on({ kind: 'other', host }, identityOfNode()), (identity) => ({ host, identity })),
        ),
      ),
    });
  },
  diff: (args, state, task) => {
    const found = examine(args, state, task);
    const errors = found.filter((one) => one.verdict === 'error');
    if (errors.length > 0) throw unfit(task.host, errors);
    if (!saidByFirst(args, state, task)) vipInterface({ ...args, host: task.host }, state.network);
    return null;
  },
  apply: (_wanted: Change): Promise<Output> => Promise.resolve({ changed: false }),
  output: (args, state, task) => ({
    interface: saidByFirst(args, state, task)
      ? ''
      : vipInterface({ ...args, host: task.host }, state.network),
    address:
      addressBeside(args.vip, state.network.interfaces) ?? nodeAddress('auto', state.network, task.host),
    cluster: clusterState(state),
    node_name: state.own.hostname.toLowerCase(),
    warnings: examine(args, state, task)
      .filter((one) => one.verdict === 'warning')
      .map((one) => `${one.text}. ${one.remedy}`),
  }),
};

/** A VIP outside every network is one mistake, not one on each host: the first host says it. */
function saidByFirst(args: Args, state: State, task: TaskContext): boolean {
  const { firstNetwork } = state;
  if (firstNetwork === null) return false;
  return isOutside(args, firstNetwork) && isOutside({ ...args, host: task.host }, state.network);
}

function isOutside(args: Args & { readonly host?: string }, network: Network): boolean {
  try {
    vipInterface({ ...args, host: args.host ?? '' }, network);
    return false;
  } catch (thrown) {
    return thrown instanceof Failure && thrown.problem.code === 'HAPB6503';
  }
}

function examine(args: Args, state: State, task: TaskContext): readonly Finding[] {
  return findings({
    host: task.host,
    own: state.own,
    facts: state.facts,
    kubeadm: state.kubeadm,
    others: state.others,
    first: task.playHosts[0] ?? task.host,
    later: task.playHosts.slice(task.playHosts.indexOf(task.host) + 1),
    vip: args.vip,
    kubernetesVersion: args.kubernetes_version,
    endpoint: args.endpoint === undefined ? null : withPort(args.endpoint, 6443),
    kubeVipVersion: args.kube_vip_version ?? null,
  }).map((one) =>
    args.ignore.some((text) => one.text.includes(text)) ? { ...one, verdict: 'warning' } : one,
  );
}

function clusterState(state: State): 'none' | 'partial' | 'member' | 'silent' {
  const alone = initState(state.kubeadm, []).kind;
  if (alone === 'member' || alone === 'none') return alone;
  if (alone === 'no-quorum') return 'silent';
  const shared = state.others.some((one) => one.identity.ca !== null && one.identity.ca === state.own.ca);
  return shared && isControlPlane(state.kubeadm) ? 'silent' : 'partial';
}

function unfit(host: string, errors: readonly Finding[]): Failure {
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) {
    return new Failure({
      code: 'HAPB6600',
      message: `${host} is not fit for the control plane: ${first.text}`,
      hint: first.remedy,
    });
  }
  return new Failure({
    code: 'HAPB6600',
    message: `${host} is not fit for the control plane: ${errors.length} things are in the way`,
    hint: 'Each is listed below with its remedy. Nothing was changed on any node.',
    details: errors.map((one) => `${one.text}\n  ${one.remedy}`).join('\n'),
  });
}
