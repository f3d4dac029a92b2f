import { readFileSync } from 'node:fs';
import type { ShellReply } from '../../connection/connection.ts';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { isVaultText } from '../../vault/envelope.ts';
import { question } from '../ask.ts';
import { candidates } from '../asks/controller-file.ts';
import type { Module, TaskContext } from '../module.ts';
import { kubeadmKey, localKubectl } from './kubeadm-facts.ts';

interface Args {
  readonly src: string;
  readonly timeout: number;
}

/** How the cluster differs from the manifest, as `kubectl diff` prints it; empty: not at all. */
interface State {
  readonly difference: string;
}

interface Wanted extends Change {
  readonly text: string;
  readonly timeoutMs: number;
}

// kubectl diff keeps its two sides in temporary files, so it is given a folder in memory and left no trace.
const diffScript = `
${localKubectl}
d=$(mktemp -d /dev/shm/hapb.XXXXXX 2>/dev/null) && trap 'rm -rf "$d"' EXIT && TMPDIR=$d && export TMPDIR
printf '%s' "$1" | k diff --server-side=true --field-manager=hapb --force-conflicts -f - 2>&1
r=$?
# 1: there are differences. Above: some kinds are not known yet (their definitions are in the same file), or an error.
exit $r
`;

const applyScript = `
${localKubectl}
k apply --server-side=true --field-manager=hapb --force-conflicts -f - 2>&1
`;

/** Applies a manifest. */
export const kubectlApply: Module<Args, State, Wanted> = {
  name: 'kubectl_apply',
  summary: 'Applies a manifest of this machine to the cluster (server-side), and says what differs before.',
  notes: ['Runs on a control-plane node as root with its admin.conf. Undo: `kubectl delete -f FILE`.'],
  args: {
    type: 'object',
    properties: {
      src: { description: 'Manifest on this machine.', type: 'string', minLength: 1 },
      timeout: { description: 'Seconds that it may take.', type: 'integer', minimum: 1, default: 120 },
    },
    required: ['src'],
    additionalProperties: false,
  },
  freeForm: 'src',
  returns: { src: 'Path of the manifest.' },
  example: `- kubectl_apply:
    src: cni.yaml
  run_once: true
`,
  probe: (args, task) =>
    question({
      key: `kubectl-apply:${args.src}`,
      reads: [kubeadmKey],
      sh: diffScript,
      args: [manifestOf(args, task)],
      parse: parseDifference,
    }),
  diff: (args, state, task) => {
    if (state.difference === '') return null;
    return {
      text: manifestOf(args, task),
      timeoutMs: args.timeout * 1000,
      summary: `apply ${args.src}`,
      edits: [{ subject: args.src, before: null, after: state.difference }],
      effects: [],
      forecast: known,
    };
  },
  apply: async (wanted, host) => {
    const reply = await host.run({ sh: applyScript, stdin: wanted.text, timeoutMs: wanted.timeoutMs });
    if (reply.exitCode === 0) return {};
    throw new Failure({
      code: 'HAPB6588',
      message: `the manifest could not be applied on ${host.name}`,
      hint: 'Read what the API server says; definitions and objects of new kinds may need a second run.',
      details: reply.stdout.trim().split('\n').slice(-12).join('\n'),
    });
  },
  output: (args) => ({ src: args.src }),
};

/** Reads `kubectl diff`: exit code 0 no difference, 1 some, above 1 an error. */
export function parseDifference(reply: ShellReply): State {
  if (reply.exitCode === 0) return { difference: '' };
  return { difference: reply.stdout.trim() === '' ? 'it is not known what differs\n' : reply.stdout };
}

function manifestOf(args: Args, task: TaskContext): string {
  const places = [...candidates(args.src, 'files', task), args.src];
  for (const path of places) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      // The next folder may have it.
      continue;
    }
    if (isVaultText(text)) throw encryptedManifest(path);
    return text;
  }
  throw new Failure({
    code: 'HAPB6589',
    message: `the manifest ${args.src} cannot be read (looked for ${places.join(', ')})`,
    hint: 'Write a path relative to the playbook, or an absolute one.',
    argument: 'src',
  });
}

function encryptedManifest(path: string): Failure {
  return new Failure({
    code: 'HAPB6589',
    message: `the manifest ${path} is encrypted`,
    hint: 'Put it on the node with `copy_file`, which decrypts it, and run `kubectl apply -f` there.',
    argument: 'src',
  });
}
