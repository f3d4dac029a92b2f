import type { ShellReply } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import { ctrFailure } from './ctr-errors.ts';

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
  /** The program; absent: `ctr` of the PATH. */
  readonly ctr?: string;
}

// Without a running containerd nothing is there; what is to install and start it comes earlier in a playbook.
const script = `
PATH=$PATH:/usr/local/bin
command -v "$4" >/dev/null && [ -S "$3" ] || exit 0
"$4" --address "$3" -n "$1" images ls "name==$2"
`;

/** An image by its full name. Key `image:NAMESPACE/REF`. @throws Failure HAPB6565 when containerd may not be asked */
export function image(name: ImageName): Ask<ImageState> {
  return question({
    key: imageKey(name),
    sh: script,
    args: [name.namespace, name.ref, name.address, name.ctr ?? 'ctr'],
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
  if (reply.exitCode !== 0) throw ctrFailure(reply.stderr);
  for (const line of reply.stdout.split('\n')) {
    const [name, , digest] = line.split(/\s+/);
    if (name === ref) return { kind: 'present', digest: digest ?? null };
  }
  return { kind: 'absent' };
}

/**
 * The name by which containerd and the kubelet know an image: with registry, and Docker Hub's short names spelt out.
 * @throws Failure HAPB6560 for a name that containerd would not find again
 */
export function fullImageName(text: string): string {
  const [first = ''] = text.split('/');
  const hasRegistry = text.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? text.slice(first.length + 1) : text;
  const [, path, tag, digest] = /^([^:@]*)(?::([^:@]*))?(?:@(.*))?$/.exec(rest) ?? [];
  if (path === undefined || !/^[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*$/.test(path)) {
    const lower = path !== undefined && path !== path.toLowerCase();
    const why = lower ? 'it has capital letters' : 'its path cannot be one';
    throw badName(
      text,
      why,
      lower ? `Write ${text.replace(path, path.toLowerCase())}.` : 'Write REGISTRY/PATH:TAG.',
    );
  }
  if (tag === undefined && digest === undefined)
    throw badName(text, 'it has no tag', `Write ${text}:TAG; there is no silent \`latest\`.`);
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    throw badName(text, `'${tag}' cannot be a tag`, 'A tag has up to 128 letters, digits, _, . and -.');
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw badName(text, `'${digest}' is not a digest`, 'A digest is sha256: and 64 hexadecimal digits.');
  const hub = registry === 'docker.io' || registry === 'index.docker.io';
  if (!hub) return text;
  return `docker.io/${rest.includes('/') ? '' : 'library/'}${rest}`;
}

function badName(text: string, why: string, hint: string): Failure {
  return new Failure({
    code: 'HAPB6560',
    message: `'${text}' is not a full image name: ${why}`,
    hint,
    argument: 'image',
  });
}
