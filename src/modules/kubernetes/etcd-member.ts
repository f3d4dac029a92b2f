import type { Module } from '../module.ts';
import { type EtcdView, etcdProblems, etcdView } from './etcd-view.ts';
import { awaited, type Expectation, type Waiting, waitFor } from './verdict.ts';

interface Args {
  readonly members?: readonly string[];
  readonly node_name?: string;
  readonly timeout: number;
}

/** Verifies etcd's membership. */
export const etcdMember: Module<Args, EtcdView | null, Waiting<EtcdView | null>> = {
  name: 'etcd_member',
  summary:
    'Verifies that every member of etcd is a started, healthy voter, and that they are the right ones.',
  notes: [
    'Changes nothing. Runs on a control-plane node as root; etcd is asked through the API server of that node.',
  ],
  args: {
    type: 'object',
    properties: {
      members: {
        description: 'Names of all members, no more and no fewer.',
        type: 'array',
        items: { type: 'string' },
      },
      node_name: { description: 'Name of this Node; absent: the host name.', type: 'string' },
      timeout: { description: 'Seconds to wait for it.', type: 'integer', minimum: 0, default: 120 },
    },
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { members: 'Name, id and state of each member.' },
  example: `- etcd_member:
    members: [cp1, cp2, cp3]
`,
  probe: (args) => etcdView(args.node_name ?? null),
  diff: (args, state) => awaited(expectation(args), state),
  apply: waitFor,
  output: (args, state) => expectation(args).output(state),
};

function expectation(args: Args): Expectation<EtcdView | null> {
  const names = args.members;
  return {
    what: names === undefined ? 'etcd is whole' : `etcd is whole and consists of ${names.join(', ')}`,
    ask: etcdView(args.node_name ?? null),
    problems: (view) => [...etcdProblems(view), ...(names === undefined ? [] : wrongNames(view, names))],
    output: (view) => ({
      members: (view?.members ?? []).map(({ id, name, state }) => ({ id, name, state })),
    }),
    timeoutMs: args.timeout * 1000,
    code: 'HAPB6580',
    hint: 'Look at the log of the member that is named: crictl logs on its node, or /var/log/pods/kube-system_etcd-*.',
  };
}

function wrongNames(view: EtcdView | null, names: readonly string[]): readonly string[] {
  if (view === null) return [];
  const found = view.members.map((member) => member.name).filter((name) => name !== '');
  return [
    ...names.filter((name) => !found.includes(name)).map((name) => `${name} is not a member`),
    ...found.filter((name) => !names.includes(name)).map((name) => `${name} is a member and should not be`),
  ];
}
