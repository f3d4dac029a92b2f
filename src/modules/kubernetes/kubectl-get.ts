import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import type { Output, Value } from '../../core/value.ts';
import { type Ask, question } from '../ask.ts';
import type { Module } from '../module.ts';
import { kubeadmKey, localKubectl } from './kubeadm-facts.ts';
import { nameOf, objectsOf, type PathStep, parsePath } from './object-path.ts';
import { type ClusterObject, type ObjectRules, objectProblems } from './object-rules.ts';
import { objectTable } from './object-table.ts';
import { awaited, type Expectation, type Waiting, waitFor } from './verdict.ts';

interface Args {
  readonly resource: string;
  readonly names?: readonly string[];
  readonly namespace?: string;
  readonly selector?: string;
  readonly where: Readonly<Record<string, string | number | boolean>>;
  readonly contains: Readonly<Record<string, readonly string[]>>;
  readonly count?: number;
  readonly at_least: number;
  readonly kubeconfig: string;
  readonly server?: string;
  readonly timeout: number;
}

/** What the API answered: its objects, or why it did not. */
type Answer =
  | { readonly kind: 'objects'; readonly objects: readonly ClusterObject[] }
  | { readonly kind: 'refused'; readonly why: string };

const script = `
${localKubectl}
r=$1 ns=$2 sel=$3 conf=$4 server=$5
set -- get "$r" -o json
if [ -z "$ns" ]; then :; elif [ "$ns" = '*' ]; then set -- "$@" -A; else set -- "$@" -n "$ns"; fi
[ -z "$sel" ] || set -- "$@" -l "$sel"
if [ -n "$server" ]; then
  kubectl --kubeconfig "$conf" --server "$server" --request-timeout 10s --cache-dir /dev/null "$@"
else
  k "$@"
fi
`;

/** Reads objects of the cluster and holds them against rules. */
export const kubectlGet: Module<Args, Answer, Waiting<Answer>> = {
  name: 'kubectl_get',
  summary: 'Reads objects of the cluster, and waits until they are as they should be.',
  notes: [
    'Changes nothing. Runs on a control-plane node as root, with its admin.conf against its own API server unless `server` says otherwise.',
    'Paths: `.status.phase`, `.status.conditions[type=Ready].status`, `.spec.containers[*].image`, `.metadata.labels["a.b/c"]`.',
  ],
  args: {
    type: 'object',
    properties: {
      resource: {
        description: 'What to get, such as pods or nodes.',
        type: 'string',
        pattern: '^[A-Za-z][A-Za-z0-9./-]*$',
      },
      names: {
        description: 'Objects that must exist; the rules are for them alone.',
        type: 'array',
        items: { type: 'string' },
      },
      namespace: { description: 'Namespace; `*`: all; absent: none, or `default`.', type: 'string' },
      selector: { description: 'Label selector.', type: 'string' },
      where: {
        description: 'What must hold for each object: path and value.',
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        default: {},
      },
      contains: {
        description: 'For each object: path, and texts of which one must occur in its value.',
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'string' }, minItems: 1 },
        default: {},
      },
      count: { description: 'How many there must be.', type: 'integer', minimum: 0 },
      at_least: { description: 'How many there must be at least.', type: 'integer', minimum: 0, default: 1 },
      kubeconfig: {
        description: 'Kubeconfig on the node.',
        type: 'string',
        default: '/etc/kubernetes/admin.conf',
      },
      server: { description: 'URL of another API server to ask, such as that of the VIP.', type: 'string' },
      timeout: { description: 'Seconds to wait for it.', type: 'integer', minimum: 0, default: 120 },
    },
    required: ['resource'],
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: {
    count: 'How many objects were found.',
    names: 'Their names.',
    table: 'Lines of a table: for pods NAME, READY, STATUS and RESTARTS.',
  },
  example: `- kubectl_get:
    resource: pods
    namespace: kube-system
    selector: tier=control-plane
    where: { '.status.phase': Running }
`,
  probe: (args) => objects(args),
  diff: (args, state) => awaited(expectation(args), state),
  apply: waitFor,
  output: (args, state) => outputOf(args, state),
};

function objects(args: Args): Ask<Answer> {
  return question({
    key: `kubectl:${[args.resource, args.namespace ?? '', args.selector ?? '', args.server ?? ''].join(':')}`,
    reads: [kubeadmKey],
    sh: script,
    args: [args.resource, args.namespace ?? '', args.selector ?? '', args.kubeconfig, args.server ?? ''],
    maxOutputBytes: 8_388_608,
    parse: parseObjects,
  });
}

/** Reads `kubectl get -o json`. */
export function parseObjects(reply: ShellReply): Answer {
  if (reply.exitCode !== 0) {
    const why = reply.stderr.trim().split('\n').at(-1) ?? '';
    return { kind: 'refused', why: why || `kubectl ended with exit code ${reply.exitCode}` };
  }
  return { kind: 'objects', objects: objectsOf(reply.stdout) };
}

function expectation(args: Args): Expectation<Answer> {
  const rules = rulesOf(args);
  return {
    what: `${args.names?.join(', ') ?? args.resource} ${args.names === undefined ? 'are' : `(${args.resource}) are`} as asked`,
    ask: objects(args),
    problems: (answer) => (answer.kind === 'refused' ? [answer.why] : objectProblems(answer.objects, rules)),
    output: (answer) => outputOf(args, answer),
    timeoutMs: args.timeout * 1000,
    code: 'HAPB6581',
    hint: 'See `kubectl describe` for the objects that are named, and the log of the kubelet on their node.',
  };
}

function rulesOf(args: Args): ObjectRules {
  return {
    resource: args.resource,
    names: args.names ?? null,
    where: Object.entries(args.where).map(([path, wanted]) => ({
      path,
      steps: steps(path),
      wanted: String(wanted),
    })),
    contains: Object.entries(args.contains).map(([path, texts]) => ({ path, steps: steps(path), texts })),
    count: args.count ?? null,
    atLeast: args.at_least,
  };
}

function outputOf(args: Args, answer: Answer): Output {
  const found: readonly ClusterObject[] = answer.kind === 'refused' ? [] : answer.objects;
  const names: readonly Value[] = found.map(nameOf);
  return { count: found.length, names, table: objectTable(args.resource, found) };
}

function steps(path: string): readonly PathStep[] {
  const parsed = parsePath(path);
  if (parsed === null) throw badPath(path);
  return parsed;
}

function badPath(path: string): Failure {
  return new Failure({
    code: 'HAPB6582',
    message: `'${path}' is not a path into an object`,
    hint: 'Write it like .status.phase or .status.conditions[type=Ready].status.',
    argument: 'where',
  });
}
