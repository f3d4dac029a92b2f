import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, all, each, map, on, question } from '../ask.ts';
import type { Module, TaskContext } from '../module.ts';
import { kubeadmKey, localKubectl } from './kubeadm-facts.ts';
import { holderOf, network } from './network.ts';
import { awaited, type Expectation, type Waiting, waitFor } from './verdict.ts';

interface Args {
  readonly vip: string;
  readonly port: number;
  readonly lease: string;
  readonly timeout: number;
}

interface State {
  /** Hosts of the play that have the VIP on an interface. */
  readonly holders: readonly string[];
  readonly seen: SeenFromHere;
}

/** What the host itself sees of the VIP. */
interface SeenFromHere {
  /** What `/readyz` says through the VIP. */
  readonly readyz: string;
  /** What its own API server says. */
  readonly ownReadyz: string;
  /** Node that holds the lease; empty: nobody. */
  readonly leader: string;
}

const script = `
${localKubectl}
v=$1
case $v in *:*) v="[$v]" ;; esac
r=$(kubectl --kubeconfig "$conf" --server "https://$v:$2" --request-timeout 5s --cache-dir /dev/null get --raw /readyz 2>&1)
printf '%s\\n' "$r" | tail -n 1
r=$(k get --raw /readyz 2>&1)
printf '%s\\n' "$r" | tail -n 1
k -n kube-system get lease "$3" --ignore-not-found -o 'jsonpath={.spec.holderIdentity}' 2>/dev/null
exit 0
`;

/** Verifies who holds the VIP, and that the API answers there. */
export const vipState: Module<Args, State, Waiting<State>> = {
  name: 'vip_state',
  summary:
    'Verifies that exactly one host of the play holds the VIP, and that the API server answers there and on each node itself.',
  notes: [
    'Changes nothing. Runs on control-plane nodes as root. Holder of the lease and holder of the address must agree.',
  ],
  args: {
    type: 'object',
    properties: {
      vip: { description: 'The virtual address.', type: 'string' },
      port: { description: "The API server's port.", type: 'integer', default: 6443 },
      lease: { description: "Name of kube-vip's lease.", type: 'string', default: 'plndr-cp-lock' },
      timeout: { description: 'Seconds to wait for it.', type: 'integer', minimum: 0, default: 60 },
    },
    required: ['vip'],
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { holder: 'Inventory name of the host that has the VIP.', leader: 'Node that holds the lease.' },
  example: `- vip_state:
    vip: 172.24.1.60
`,
  probe: (args, task) => ask(args, task),
  diff: (args, state, task) => awaited(expectation(args, task), state),
  apply: waitFor,
  output: (args, state, task) => expectation(args, task).output(state),
};

function ask(args: Args, task: TaskContext): Ask<State> {
  const holders = each(
    task.playHosts.map((host) =>
      map(on({ kind: 'other', host }, network()), (found) =>
        holderOf(args.vip, found.interfaces) === null ? [] : [host],
      ),
    ),
  );
  return all({
    holders: map(holders, (lists) => lists.flat()),
    seen: question({
      key: `vip:${args.vip}`,
      reads: [kubeadmKey],
      sh: script,
      args: [args.vip, String(args.port), args.lease],
      parse: parseSeen,
    }),
  });
}

/** Reads what the script printed. */
export function parseSeen(reply: ShellReply): SeenFromHere {
  const [readyz = '', ownReadyz = '', leader = ''] = reply.stdout.split('\n');
  return { readyz: readyz.trim(), ownReadyz: ownReadyz.trim(), leader: leader.trim() };
}

function expectation(args: Args, task: TaskContext): Expectation<State> {
  return {
    what: `one node holds ${args.vip} and the API server answers there`,
    ask: ask(args, task),
    problems: (state) => vipProblems(args.vip, state),
    output: (state) => ({ holder: state.holders[0] ?? '', leader: state.seen.leader }),
    timeoutMs: args.timeout * 1000,
    code: 'HAPB6583',
    hint: 'Look at kube-vip on the nodes (/var/log/pods/kube-system_kube-vip-*). An address left behind goes with: ip addr del VIP/32 dev INTERFACE.',
  };
}

/** What is wrong with the VIP. */
export function vipProblems(vip: string, state: State): readonly string[] {
  const { holders, seen } = state;
  return [
    ...(holders.length === 0 ? [`no node has ${vip} on an interface`] : []),
    ...(holders.length > 1 ? [`${holders.join(' and ')} both have ${vip}: one of them must give it up`] : []),
    ...(seen.leader === '' ? ['nobody holds the lease of kube-vip'] : []),
    ...(seen.ownReadyz === 'ok' ? [] : [`its own API server answers: ${seen.ownReadyz || 'nothing'}`]),
    ...(seen.readyz === 'ok' ? [] : [`https://${vip} answers: ${seen.readyz || 'nothing'}`]),
  ];
}
