import { type Change, known } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import type { HostWriter, Module } from '../module.ts';
import { pullFailure } from './ctr-errors.ts';
import { fullImageName, type ImageName, type ImageState, image, imageEffect } from './image.ts';

interface Args {
  readonly image: string;
  readonly namespace: string;
  readonly platform?: string;
  readonly hosts_dir: string;
  readonly plain_http: boolean;
  readonly archive?: string;
  readonly force: boolean;
  readonly timeout: number;
  readonly retries: number;
  readonly address: string;
}

interface Wanted extends Change {
  readonly args: Args;
  readonly name: ImageName;
  readonly before: ImageState;
}

// ctr draws progress for a terminal on stdout; what matters is on stderr.
const pullScript = `
PATH=$PATH:/usr/local/bin
a=$1 n=$2 ref=$3 platform=$4 hosts=$5 plain=$6
set --
[ -z "$platform" ] || set -- "$@" --platform "$platform"
[ ! -d "$hosts" ] || set -- "$@" --hosts-dir "$hosts"
[ "$plain" = no ] || set -- "$@" --plain-http
ctr --address "$a" -n "$n" images pull "$@" "$ref" 2>&1 >/dev/null
`;

const importScript = `
PATH=$PATH:/usr/local/bin
ctr --address "$1" -n "$2" images import "$3" 2>&1
`;

/** Puts an image into containerd. */
export const ctrPull: Module<Args, ImageState, Wanted> = {
  name: 'ctr_pull',
  summary: 'Pulls an image into containerd, by default where the kubelet looks for its own.',
  notes: [
    'Mirrors are those of `hosts_dir`, as for the kubelet (containerd_config writes them). A name without a tag is an error.',
    'Undo: `ctr -n k8s.io images rm REF`.',
  ],
  args: {
    type: 'object',
    properties: {
      image: { description: 'Full name with tag or digest.', type: 'string', minLength: 1 },
      namespace: { description: 'Namespace of containerd.', type: 'string', default: 'k8s.io' },
      platform: { description: 'Platform such as linux/arm64; absent: that of the node.', type: 'string' },
      hosts_dir: {
        description: 'Folder with hosts.toml files.',
        type: 'string',
        default: '/etc/containerd/certs.d',
      },
      plain_http: { description: 'Speak HTTP with the registry.', type: 'boolean', default: false },
      archive: { description: 'Image archive on the node to import instead of pulling.', type: 'string' },
      force: {
        description: 'Pull although it is there, in case the tag moved.',
        type: 'boolean',
        default: false,
      },
      timeout: { description: 'Seconds for one attempt.', type: 'integer', minimum: 1, default: 600 },
      retries: {
        description: 'Further attempts when the registry does not answer.',
        type: 'integer',
        minimum: 0,
        default: 3,
      },
      address: {
        description: "containerd's socket.",
        type: 'string',
        default: '/run/containerd/containerd.sock',
      },
    },
    required: ['image'],
    additionalProperties: false,
  },
  freeForm: 'image',
  traits: ['durable'],
  returns: { image: 'Its full name.', digest: 'What the name stands for on this node.' },
  example: `- ctr_pull:
    image: ghcr.io/kube-vip/kube-vip:v1.1.2
`,
  probe: (args) => image(nameOf(args)),
  diff: (args, state) => {
    if (state.kind === 'present' && !args.force) return null;
    const name = nameOf(args);
    const base = { args, name, before: state, summary: `pull ${name.ref}`, effects: [imageEffect(name)] };
    if (state.kind === 'present') {
      const unknown = new Unknown('only the registry knows whether the tag has moved');
      return { ...base, edits: [], forecast: { kind: 'unknown', unknown } };
    }
    const edits = [{ subject: `image ${name.ref}`, before: null, after: `${name.ref}\n` }];
    return { ...base, edits, forecast: known };
  },
  apply: async (wanted, host) => {
    await pull(wanted, host);
    const after = await host.ask(image(wanted.name));
    if (after.kind === 'absent') {
      const output = `${wanted.args.archive ?? 'the registry'} did not bring ${wanted.name.ref}: not found`;
      throw pullFailure({ ref: wanted.name.ref, host: host.name, output }).failure;
    }
    const same = wanted.before.kind === 'present' && wanted.before.digest === after.digest;
    return { ...outputOf(wanted.name, after), ...(same ? { changed: false } : {}) };
  },
  output: (args, state) => outputOf(nameOf(args), state),
};

function nameOf(args: Args): ImageName {
  return { ref: fullImageName(args.image), namespace: args.namespace, address: args.address };
}

function outputOf(name: ImageName, state: ImageState): Output {
  return { image: name.ref, digest: state.kind === 'present' ? state.digest : null };
}

async function pull(wanted: Wanted, host: HostWriter): Promise<void> {
  const { args, name } = wanted;
  const pulling = [
    name.address,
    name.namespace,
    name.ref,
    args.platform ?? '',
    args.hosts_dir,
    args.plain_http ? 'yes' : 'no',
  ];
  for (let attempt = 0; ; attempt += 1) {
    const result = await host.durable({
      resource: `image ${name.ref}`,
      sh: args.archive === undefined ? pullScript : importScript,
      args: args.archive === undefined ? pulling : [name.address, name.namespace, args.archive],
      timeoutMs: args.timeout * 1000,
    });
    if (result.kind === 'finished' && result.exitCode === 0) return;
    const { failure, again } = pullFailure({ ref: name.ref, host: host.name, output: result.output });
    if (again === 'useless' || attempt >= args.retries) throw failure;
    host.progress(`attempt ${attempt + 2} of ${args.retries + 1} for ${name.ref}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
  }
}
