import { setTimeout as sleep } from 'node:timers/promises';
import type { ShellReply } from '../../connection/connection.ts';
import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, question } from '../ask.ts';
import type { Module } from '../module.ts';
import { pullFailure } from './ctr-errors.ts';
import { fullImageName, imageEffect } from './image.ts';

interface Args {
  readonly kubernetes_version: string;
  readonly image_repository?: string;
  readonly skip: readonly string[];
  readonly also: readonly string[];
  readonly hosts_dir: string;
  readonly timeout: number;
  readonly retries: number;
}

/** Images that kubeadm names. `named: null`: kubeadm is not installed yet. */
interface State {
  readonly named: readonly string[] | null;
  readonly present: readonly string[];
}

interface Wanted extends Change {
  readonly args: Args;
}

const script = `
PATH=$PATH:/usr/local/bin
command -v kubeadm >/dev/null || { echo no-kubeadm; exit 0; }
if [ -n "$2" ]; then set -- "$1" --image-repository "$2"; else set -- "$1"; fi
v=$1; shift
kubeadm config images list --kubernetes-version "$v" "$@" 2>/dev/null || exit
echo --
[ -S /run/containerd/containerd.sock ] && ctr -n k8s.io images ls -q
exit 0
`;

function imagesKey({ kubernetes_version, image_repository }: Args): string {
  return `kubeadm-images:${image_repository ?? ''}/${kubernetes_version}`;
}

/** That the missing images will be there; without kubeadm nobody knows yet which those are. */
function effectsOf(args: Args, { named, present }: State): readonly Effect[] {
  const address = '/run/containerd/containerd.sock';
  if (named === null) {
    const unnamed = new Unknown('which images kubeadm names shows only once it is installed');
    return [
      { key: imagesKey(args), state: unnamed },
      { key: `image:k8s.io/${repositoryOf(args)}/*`, state: unnamed },
      ...args.also.map((ref) => imageEffect({ ref: fullImageName(ref), namespace: 'k8s.io', address })),
    ];
  }
  const missing = needed(args, named).filter((name) => !present.includes(name));
  const state: State = { named, present: [...present, ...missing] };
  return [
    { key: imagesKey(args), state },
    ...missing.map((ref) => imageEffect({ ref, namespace: 'k8s.io', address })),
  ];
}

function images(args: Args): Ask<State> {
  return question({
    key: imagesKey(args),
    sh: script,
    args: [args.kubernetes_version, args.image_repository ?? ''],
    parse: parseImages,
  });
}

/** Reads what the script printed. */
export function parseImages(reply: ShellReply): State {
  if (reply.stdout.startsWith('no-kubeadm')) return { named: null, present: [] };
  const [named = '', present = ''] = reply.stdout.split(/^--$/m);
  return { named: lines(named), present: lines(present) };
}

// kubeadm lets the runtime itself pull, one image after the other, in two thirds of the time that ctr needs for the same
// images at once (containerd 1.6: 4.7 against 7.8 s). It only ever pulls all of its images, with or without kube-proxy:
// ctr pulls what is missing besides, and all when some of kubeadm's are there, when the runtime takes its mirrors from
// another folder or knows nothing of the task's proxy, and when kubeadm is older than 1.31 and has no v1beta4.
const pulling = `
PATH=$PATH:/usr/local/bin
hosts=$1 version=$2 repository=$3; shift 3
config() {
  printf 'apiVersion: kubeadm.k8s.io/v1beta4\\nkind: ClusterConfiguration\\nkubernetesVersion: "%s"\\n' "$version"
  [ -z "$repository" ] || printf 'imageRepository: "%s"\\n' "$repository"
  printf 'proxy:\\n  disabled: %s\\n' "$1"
}
all_missing() {
  for i in $own; do case " $missing " in *" $i "*) ;; *) return 1 ;; esac; done
  [ -n "$own" ]
}
runtime_goes_the_same_way() {
  [ -z "$HTTPS_PROXY$https_proxy$HTTP_PROXY$http_proxy" ] &&
    grep -q "^ *config_path = .$hosts.$" /etc/containerd/config.toml 2>/dev/null
}
by_kubeadm() {
  config "$off" | kubeadm config images pull --config /dev/stdin --cri-socket unix:///run/containerd/containerd.sock 2>&1
}
by_ctr() {
  if [ -d "$hosts" ]; then ctr -n k8s.io images pull --hosts-dir "$hosts" "$1" 2>&1 >/dev/null
  else ctr -n k8s.io images pull "$1" 2>&1 >/dev/null
  fi && echo "[pulled] $1" || { echo "[failed] $1"; return 1; }
}
missing=$* pids=
for off in true false; do
  own=$(config "$off" | kubeadm config images list --config /dev/stdin 2>/dev/null | tr '\\n' ' ')
  runtime_goes_the_same_way && all_missing && { by_kubeadm & pids=$!; break; }
  own=
done
for i in "$@"; do
  case " $own " in *" $i "*) ;; *) by_ctr "$i" & pids="$pids $!" ;; esac
done
bad=0
for p in $pids; do wait "$p" || bad=1; done
exit $bad
`;

/** Pulls what kubeadm will need. */
export const kubeadmImages: Module<Args, State, Wanted> = {
  name: 'kubeadm_images',
  summary: 'Pulls the images that kubeadm names for a version of Kubernetes.',
  notes: [
    'kubeadm pulls them itself when it needs them; doing it before saves that time on all nodes together.',
    'What the runtime pulls on its own account (all of the images missing, no proxy in the task) goes through kubeadm; ctr pulls the rest.',
    'Undo: `ctr -n k8s.io images rm REF`.',
  ],
  args: {
    type: 'object',
    properties: {
      kubernetes_version: {
        description: 'Version of the control plane.',
        type: 'string',
        pattern: '^v\\d+\\.\\d+\\.\\d+',
      },
      image_repository: { description: 'Registry for the control-plane images.', type: 'string' },
      skip: {
        description: 'Images that are not needed: parts of their names.',
        type: 'array',
        items: { type: 'string' },
        default: ['kube-proxy'],
      },
      also: {
        description: 'Further images to pull with them, each with its registry and tag.',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
      hosts_dir: {
        description: 'Folder with hosts.toml files for the mirrors of registries.',
        type: 'string',
        default: '/etc/containerd/certs.d',
      },
      timeout: { description: 'Seconds for all, in one attempt.', type: 'integer', minimum: 1, default: 900 },
      retries: {
        description: 'Further attempts when a registry does not answer.',
        type: 'integer',
        minimum: 0,
        default: 3,
      },
    },
    required: ['kubernetes_version'],
    additionalProperties: false,
  },
  traits: ['durable'],
  returns: { images: 'Their names.' },
  example: `- kubeadm_images:
    kubernetes_version: v1.34.2
`,
  probe: (args) => images(args),
  diff: (args, state) => {
    const missing = missingOf(args, state);
    if (missing !== null && missing.length === 0) return null;
    const all = `the images of Kubernetes ${args.kubernetes_version}`;
    return {
      args,
      summary: missing === null ? `pull ${all}` : `pull ${missing.length} of ${all}`,
      edits:
        missing === null
          ? [unnamed(args, all), ...args.also.map(fullImageName).map(pulled)]
          : missing.map(pulled),
      effects: effectsOf(args, state),
      forecast: known,
    };
  },
  apply: async ({ args }, host) => {
    const missing = missingOf(args, await host.ask(images(args))) ?? [];
    if (missing.length === 0) return { images: [], changed: false };
    let left = missing;
    for (let attempt = 0; ; attempt += 1) {
      const { output } = await host.durable({
        resource: 'images of kubeadm',
        sh: pulling,
        args: [args.hosts_dir, args.kubernetes_version, args.image_repository ?? '', ...left],
        timeoutMs: args.timeout * 1000,
        onLine: (line) => {
          if (line.startsWith('[')) host.progress(line);
        },
      });
      left = missingOf(args, await host.ask(images(args))) ?? ['the images of kubeadm'];
      if (left.length === 0) return { images: missing };
      const { failure, again } = pullFailure({ ref: left.join(', '), host: host.name, output });
      if (again === 'useless' || attempt >= args.retries) throw failure;
      host.progress(`attempt ${attempt + 2} of ${args.retries + 1} for ${left.join(', ')}`);
      await sleep(1000 * 2 ** attempt);
    }
  },
  output: (args, state) => ({ images: needed(args, state.named ?? []) }),
};

function pulled(name: string): Edit {
  return { subject: `image ${name}`, before: null, after: `${name}\n` };
}

/** kubeadm names its images only once it is there. */
function unnamed(args: Args, all: string): Edit {
  return { ...pulled(all), fits: { subject: `image ${repositoryOf(args)}/*` } };
}

function repositoryOf({ image_repository }: Args): string {
  return image_repository ?? 'registry.k8s.io';
}

function missingOf(args: Args, state: State): readonly string[] | null {
  if (state.named === null) return null;
  return needed(args, state.named).filter((name) => !state.present.includes(name));
}

function needed(args: Args, named: readonly string[]): readonly string[] {
  const wanted = named.filter((name) => !args.skip.some((part) => name.includes(part)));
  return [...wanted, ...args.also.map(fullImageName)];
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
