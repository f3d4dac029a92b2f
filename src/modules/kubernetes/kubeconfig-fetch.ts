import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { ShellReply } from '../../connection/connection.ts';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { sha256Of } from '../../core/text-measure.ts';
import { all, on, question } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, regularFile } from '../asks/file-state.ts';
import { controller } from '../host/destination.ts';
import type { Module } from '../module.ts';
import { kubeadmKey } from './kubeadm-facts.ts';

interface Args {
  readonly src: string;
  readonly dest: string;
  readonly server?: string;
  readonly context?: string;
}

/** A kubeconfig as it is to be written here; `null`: the node has none. */
interface Fetched {
  readonly text: Secret;
  readonly sha256: string;
}

interface State {
  readonly fetched: Fetched | null;
  readonly present: FileState;
}

interface Wanted extends Change {
  readonly dest: string;
  readonly text: Secret;
}

/** Brings the cluster's kubeconfig here. */
export const kubeconfigFetch: Module<Args, State, Wanted> = {
  name: 'kubeconfig_fetch',
  summary:
    'Copies the kubeconfig of a control-plane node to this machine, with the address of your choice in it.',
  notes: [
    'The file is written for its owner alone (0600). Its content is a secret: it is neither shown in diffs nor logged.',
    'Undo: delete the file.',
  ],
  args: {
    type: 'object',
    properties: {
      src: { description: 'Kubeconfig on the node.', type: 'string', default: '/etc/kubernetes/admin.conf' },
      dest: { description: 'Path on this machine; `~` is your home.', type: 'string', minLength: 1 },
      server: {
        description: 'URL of the API server to put into it, such as https://VIP:6443.',
        type: 'string',
        pattern: '^https://',
      },
      context: {
        description: 'Name to give its context and cluster.',
        type: 'string',
        pattern: '^[A-Za-z0-9._@-]+$',
      },
    },
    required: ['dest'],
    additionalProperties: false,
  },
  returns: { dest: 'Absolute path of the file.' },
  example: `- kubeconfig_fetch:
    dest: ./kubeconfig
    server: https://172.24.1.60:6443
  run_once: true
`,
  probe: (args) =>
    all({
      fetched: question({
        key: `kubeconfig:${args.src}`,
        reads: [kubeadmKey],
        sh: '[ -f "$1" ] || exit 0; cat "$1"',
        args: [args.src],
        parse: (reply) => parseKubeconfig(reply, args),
      }),
      present: on({ kind: 'controller' }, file(destOf(args), { content: 'hash' })),
    }),
  diff: (args, { fetched, present }, task) => {
    if (fetched === null) throw noKubeconfig(task.host, args.src);
    const dest = destOf(args);
    if (present.kind === 'file' && present.sha256 === fetched.sha256 && present.mode === '0600') return null;
    if (present.kind === 'directory') throw destIsDirectory(dest);
    const permissions = { mode: '0600', owner: '', group: '' };
    return {
      dest,
      text: fetched.text,
      summary: `write ${dest} (0600)`,
      edits: [
        {
          subject: dest,
          before: present.kind === 'absent' ? null : 'another kubeconfig\n',
          after: fetched.text,
        },
      ],
      effects: [{ ...fileEffect(dest, regularFile(dest, fetched.text, permissions)), host: controller }],
      forecast: known,
    };
  },
  apply: async (wanted, host) => {
    const controller = host.at({ kind: 'controller' });
    await controller.run({ sh: '[ -d "$1" ] || mkdir -p -m 0700 "$1"', args: [dirname(wanted.dest)] });
    await controller.write({
      path: wanted.dest,
      content: wanted.text,
      mode: '0600',
      owner: null,
      group: null,
    });
    return { dest: wanted.dest };
  },
  output: (args) => ({ dest: destOf(args) }),
  foreseen: (wanted) => ({ dest: wanted.dest }),
};

function destOf(args: Args): string {
  return args.dest.startsWith('~/') ? resolve(homedir(), args.dest.slice(2)) : resolve(args.dest);
}

/** Reads a kubeconfig and puts server and context into it. Its keys become known as secrets. */
export function parseKubeconfig(
  reply: ShellReply,
  change: { readonly server?: string; readonly context?: string },
): Fetched | null {
  if (reply.stdout.trim() === '') return null;
  for (const match of reply.stdout.matchAll(/^ *(?:client-key-data|token): *(\S+)$/gm)) {
    new Secret(match[1] ?? '', 'key in the kubeconfig');
  }
  let text = reply.stdout;
  if (change.server !== undefined)
    text = text.replace(/^( *server: *).*$/gm, (_, head: string) => head + change.server);
  if (change.context !== undefined) text = renamed(text, change.context);
  return { text: new Secret(text, 'kubeconfig'), sha256: sha256Of(text) };
}

/** kubeadm writes one cluster and one context. */
function renamed(text: string, name: string): string {
  const cluster = /^- cluster:[\s\S]*?^ {2}name: (\S+)$/m.exec(text)?.[1];
  const context = /^current-context: (\S+)$/m.exec(text)?.[1];
  return text
    .split('\n')
    .map((line) => {
      const match = /^( *(?:name|cluster|current-context): )(\S+)$/.exec(line);
      return match !== null && (match[2] === cluster || match[2] === context)
        ? `${match[1] ?? ''}${name}`
        : line;
    })
    .join('\n');
}

function noKubeconfig(host: string, src: string): Failure {
  return new Failure({
    code: 'HAPB6586',
    message: `${host} has no kubeconfig at ${src}`,
    hint: 'Take it from a control-plane node, after kubeadm_init.',
    argument: 'src',
  });
}

function destIsDirectory(dest: string): Failure {
  return new Failure({
    code: 'HAPB6587',
    message: `${dest} is a directory`,
    hint: `Write the file's name too, for example ${dest}/config.`,
    argument: 'dest',
  });
}
