import type { ShellReply } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** An image in containerd. `digest: null`: not foreseen. */
export type ImageState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly digest: string | null };

/** Which image, where. */
export interface ImageName {
  readonly ref: string;
  /** Of containerd; the kubelet's images are in `k8s.io`. */
  readonly namespace: string;
  /** containerd's socket. */
  readonly address: string;
}

// Without a running containerd nothing is there; what is to install and start it comes earlier in a playbook.
const script = `
PATH=$PATH:/usr/local/bin
command -v ctr >/dev/null && [ -S "$3" ] || exit 0
ctr --address "$3" -n "$1" images ls "name==$2"
`;

/** An image by its full name. Key `image:NAMESPACE/REF`. @throws Failure HAPB6565 when containerd may not be asked */
export function image(name: ImageName): Ask<ImageState> {
  return question({
    key: imageKey(name),
    sh: script,
    args: [name.namespace, name.ref, name.address],
    parse: (reply) => parseImage(reply, name.ref),
  });
}

/** The effect "this image will be there". */
export function imageEffect(name: ImageName): Effect {
  return { key: imageKey(name), state: { kind: 'present', digest: null } };
}

function imageKey(name: ImageName): string {
  return `image:${name.namespace}/${name.ref}`;
}

/** Reads `ctr images ls`. */
export function parseImage(reply: ShellReply, ref: string): ImageState {
  if (reply.exitCode !== 0) {
    const denied = /permission denied/.test(reply.stderr);
    throw new Failure({
      code: 'HAPB6565',
      message: denied
        ? "containerd's socket may be used by root alone"
        : 'containerd cannot be asked for its images',
      hint: denied ? 'Add `become: true` to the task.' : 'Look at `systemctl status containerd` on the node.',
      details: reply.stderr.trim(),
    });
  }
  for (const line of reply.stdout.split('\n')) {
    const [name, , digest] = line.split(/\s+/);
    if (name === ref) return { kind: 'present', digest: digest ?? null };
  }
  return { kind: 'absent' };
}

/** @throws Failure HAPB6560 for a name that containerd would not find again */
export function fullImageName(text: string): string {
  const [first = ''] = text.split('/');
  const hasRegistry = text.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const rest = hasRegistry ? text.slice(first.length + 1) : text;
  if (!/[:@]/.test(rest))
    throw badName(text, 'it has no tag', `Write ${text}:TAG; there is no silent \`latest\`.`);
  if (hasRegistry) return text;
  return rest.includes('/') ? `docker.io/${rest}` : `docker.io/library/${rest}`;
}

function badName(text: string, why: string, hint: string): Failure {
  return new Failure({
    code: 'HAPB6560',
    message: `'${text}' is not a full image name: ${why}`,
    hint,
    argument: 'image',
  });
}
