import { Secret } from '../../core/secret.ts';
import type { DurableResult } from '../module.ts';
import { type Discovery, joinConfig } from './join-config.ts';
import { clusterCa, endpointAnswers, type JoinPlace } from './join-endpoint.ts';
import { wholeEtcd } from './join-etcd.ts';
import { copyPki } from './join-pki.ts';
import { isTokenKnown, type JoinSecrets, makeJoinSecrets } from './join-secrets.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import { checkCaHash, type KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { runKubeadm } from './kubeadm-run.ts';
import { parseStored } from './kubeadm-stored.ts';

/** One attempt to join. */
export interface Attempt extends JoinPlace {
  readonly args: KubeadmJoinArgs;
  readonly address: string;
  readonly nodeName: string;
  /** Facts of the host in the cluster. */
  readonly first: KubeadmFacts;
  /** `given`: those of the arguments, where there are any; `fresh`: they were refused, so all are made anew. */
  readonly secrets: 'given' | 'fresh';
  /** See DurableCommand. */
  readonly until?: () => Promise<boolean>;
}

/** How long etcd may take to become whole before a join; another join may be about to end. */
const beforehandMs = 90_000;

/**
 * Starts `kubeadm join` and follows it, once nothing is in its way: etcd is whole, the CA is the right one, the endpoint
 * answers here.
 * @throws Failure HAPB6530 to HAPB6558, HAPB6596
 */
export async function startJoin(attempt: Attempt): Promise<DurableResult> {
  const { args, host, from, first } = attempt;
  checkCaHash(args, first.ca);
  if (args.role === 'control-plane') {
    await wholeEtcd(from, { asked: first.nodeName, limitMs: beforehandMs, when: 'before' });
  }
  const ca = await clusterCa(from);
  await endpointAnswers(attempt, ca);
  const kubernetesVersion =
    args.kubernetes_version ??
    parseStored(first.api?.clusterConfiguration ?? '').kubernetesVersion ??
    'v1.31.0';
  const secrets = await secretsFor(attempt, kubernetesVersion);
  if (args.role === 'control-plane' && args.certs === 'copy') {
    host.progress(`certificates from ${args.from}`);
    await copyPki(from, host);
  }
  const discovery: Discovery =
    args.discovery === 'file' ? { kind: 'file', ca } : { kind: 'token', caCertHash: first.ca ?? '' };
  const config = joinConfig({
    kubernetesVersion,
    endpoint: attempt.endpoint,
    node: {
      name: args.node_name ?? null,
      address: attempt.address,
      port: args.port,
      criSocket: args.cri_socket,
    },
    token: secrets.token,
    discovery,
    controlPlane: args.role === 'worker' ? null : { certificateKey: secrets.certificateKey },
    skipPhases: args.skip_phases,
  });
  return runKubeadm(host, {
    command: 'join',
    config,
    ignore: args.ignore_preflight_errors,
    timeoutMs: args.timeout * 1000,
    ...(attempt.until === undefined ? {} : { until: attempt.until }),
  });
}

async function secretsFor(attempt: Attempt, kubernetesVersion: string): Promise<JoinSecrets> {
  const { args, host, from, nodeName } = attempt;
  const given = attempt.secrets === 'given' ? args : { token: undefined, certificate_key: undefined };
  let token = given.token ?? null;
  if (token !== null && !(await isTokenKnown(from, token))) {
    host.progress(`the token is unknown to ${args.from}, or has expired: a fresh one is made`);
    token = null;
  }
  const needsKey = args.role === 'control-plane' && args.certs === 'download';
  const key = given.certificate_key;
  const made = [
    ...(token === null ? ['token'] : []),
    ...(needsKey && key === undefined ? ['certificate key'] : []),
  ];
  if (made.length > 0) host.progress(`${made.join(' and ')} from ${args.from}`);
  return makeJoinSecrets(from, {
    nodeName,
    kubernetesVersion,
    token,
    certificateKey: !needsKey ? 'none' : key === undefined ? 'fresh' : asSecret(key),
  });
}

function asSecret(key: string | Secret): Secret {
  return key instanceof Secret ? key : new Secret(key, 'certificate key');
}
