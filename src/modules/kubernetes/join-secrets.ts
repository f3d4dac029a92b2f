import { randomBytes, randomInt } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import type { HostWriter } from '../module.ts';
import { uploadConfig } from './kubeadm-config.ts';
import { localKubectl } from './kubeadm-facts.ts';

/** What one join needs to be let in. Put the texts into nothing but a secret text. */
export interface JoinSecrets {
  readonly token: Text;
  /** `null`: the join needs none. */
  readonly certificateKey: Text | null;
}

/** What is wanted for a join. */
export interface SecretsWish {
  readonly nodeName: string;
  readonly kubernetesVersion: string;
  /** One to use as it is; `null`: a fresh one. */
  readonly token: Text | null;
  /** One that certificates were uploaded with; `fresh`: they are uploaded now; `none`: the join needs none. */
  readonly certificateKey: Secret | 'fresh' | 'none';
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const lifetimeMs = 3_600_000;

// Without the wait for the signature, kubeadm would find it missing and try again 5 s later.
const script = `
${localKubectl}
set -e
[ -z "$1" ] || printf '%s' "$1" | k create --validate=false -f - >/dev/null
[ -z "$2" ] || printf '%s' "$2" | kubeadm init phase upload-certs --upload-certs --skip-certificate-key-print --config /dev/stdin >/dev/null
[ -n "$1" ] || exit 0
n=0
until k -n kube-public get cm cluster-info -o "jsonpath={.data.jws-kubeconfig-$3}" | grep -q .; do
  n=$((n + 1)); [ "$n" -lt 60 ] || exit 91
  sleep 0.3 2>/dev/null || sleep 1
done
`;

/**
 * Makes what is missing of token and certificate key on a node of the cluster, fresh and short-lived.
 * @throws Failure HAPB6551
 */
export async function makeJoinSecrets(from: HostWriter, wish: SecretsWish): Promise<JoinSecrets> {
  const id = word(6);
  const secret = word(16);
  const key = wish.certificateKey === 'fresh' ? randomBytes(32).toString('hex') : null;
  const token = wish.token ?? new Secret(`${id}.${secret}`, 'join token');
  if (wish.token === null) new Secret(secret, 'join token');
  const certificateKey =
    key !== null
      ? new Secret(key, 'certificate key')
      : wish.certificateKey instanceof Secret
        ? wish.certificateKey
        : null;
  if (wish.token !== null && key === null) return { token, certificateKey };
  const object = tokenObject({ id, secret, nodeName: wish.nodeName });
  const reply = await from.run({
    sh: script,
    args: [
      wish.token === null ? new Secret(object, 'join token object') : '',
      key === null ? '' : new Secret(uploadConfig(wish.kubernetesVersion, key), 'upload-certs configuration'),
      id,
    ],
    timeoutMs: 120_000,
  });
  if (reply.exitCode !== 0) throw notMade(from.name, reply.exitCode === 91 ? null : reply.stderr);
  return { token, certificateKey };
}

// kubeadm would ask for 5 minutes for the signature of a token that is gone. Its id is public, its secret is not: that is
// compared here. A token that has expired loses its object and its signature within seconds.
const knowing = `
${localKubectl}
id=\${1%%.*}
have=$(k -n kube-system get secret "bootstrap-token-$id" --ignore-not-found -o 'go-template={{index .data "token-secret" | base64decode}}') || exit 1
[ "$have" = "\${1#*.}" ] || exit 92
k -n kube-public get cm cluster-info -o "jsonpath={.data.jws-kubeconfig-$id}" | grep -q . || exit 92
`;

/** Whether the cluster lets a node in with this token. @throws Failure HAPB6551 when it does not say */
export async function isTokenKnown(from: HostWriter, token: Text): Promise<boolean> {
  const reply = await from.run({ sh: knowing, args: [token], timeoutMs: 60_000 });
  if (reply.exitCode === 0 || reply.exitCode === 92) return reply.exitCode === 0;
  throw notMade(from.name, reply.stderr);
}

/** The object that kubeadm would make for a token (kubernetes.io: bootstrap tokens). */
function tokenObject(token: {
  readonly id: string;
  readonly secret: string;
  readonly nodeName: string;
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': token.id,
      'token-secret': token.secret,
      expiration: new Date(Date.now() + lifetimeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
      description: descriptionOf(token.nodeName),
    },
  });
}

const cleaning = `
${localKubectl}
k -n kube-system get secret --field-selector type=bootstrap.kubernetes.io/token \\
  -o 'jsonpath={range .items[*]}{.metadata.name} {.data.description}{"\\n"}{end}' |
while read -r name description; do
  [ "$description" != "$1" ] || k -n kube-system delete secret "$name" >/dev/null
done
`;

/** Revokes the tokens that were made for this node's joins. What cannot be revoked expires within the hour. */
export async function revokeJoinTokens(from: HostWriter, nodeName: string): Promise<void> {
  const description = Buffer.from(descriptionOf(nodeName)).toString('base64');
  await from.run({ sh: cleaning, args: [description], timeoutMs: 60_000 });
}

function descriptionOf(nodeName: string): string {
  return `hapb: join of ${nodeName}`;
}

function word(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)] ?? 'a').join('');
}

function notMade(host: string, stderr: string | null): Failure {
  return new Failure({
    code: 'HAPB6551',
    message:
      stderr === null
        ? `the token made on ${host} was not signed within 20 s`
        : `no join token or certificate key could be made on ${host}`,
    hint: 'Check that kube-controller-manager runs there and that the endpoint leads to a working API server.',
    ...(stderr === null ? {} : { details: stderr.trim().split('\n').slice(-12).join('\n') }),
  });
}
