import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import { all } from '../ask.ts';
import type { HostWriter } from '../module.ts';
import { apiserverCertificatePath, servingCertificate } from './apiserver-certificate.ts';
import { renewCertificate, storeConfiguration } from './apiserver-sans-repair.ts';
import { refuseLostQuorum } from './etcd-quorum.ts';
import { type KubeadmFacts, kubeadmFacts } from './kubeadm-facts.ts';
import type { KubeadmInitArgs } from './kubeadm-init-args.ts';
import { type InitStep, type InitView, type InitWish, nextStep } from './kubeadm-init-steps.ts';
import { resetNode } from './kubeadm-reset.ts';
import { followKubeadm, runKubeadm } from './kubeadm-run.ts';
import { initState, isControlPlane, type OtherNode } from './kubeadm-state.ts';
import { secondsSinceBoot } from './since-boot.ts';

/** An init as decided. */
export interface InitPlan {
  readonly args: KubeadmInitArgs;
  readonly wish: InitWish;
  /** The node's address. */
  readonly address: string;
  readonly others: readonly OtherNode[];
  /** The whole configuration. */
  readonly config: string;
}

/** What an earlier init leaves behind and init may find again (kubeadm's names of its checks). */
export const resumable = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map(
    (pod) => `FileAvailable--etc-kubernetes-manifests-${pod}.yaml`,
  ),
  ...[6443, 10250, 10257, 10259, 2379, 2380].map((port) => `Port-${port}`),
  'DirAvailable--var-lib-etcd',
];

/**
 * Brings the node to the state asked for, from whatever state it is in by now: every round asks anew, then does the one
 * thing that is next.
 * @throws Failure HAPB6527, or why it cannot be done
 */
export async function initialise(plan: InitPlan, host: HostWriter): Promise<Output> {
  const output: { changed: boolean; ca_hash?: string | null; certificate_key?: Secret } = { changed: false };
  let waited: 'yes' | 'no' = 'no';
  for (let round = 0; round < 6; round += 1) {
    const asked = all({
      own: kubeadmFacts(plan.args.node_name ?? null),
      certificate: servingCertificate(apiserverCertificatePath),
      sinceBoot: secondsSinceBoot(),
    });
    let now = await host.ask(asked);
    while (isStarting(now) && now.sinceBoot < bootSeconds) {
      host.progress('waiting for the API server of a node that has just booted');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      now = await host.ask(asked);
    }
    const patience = waited === 'no' || now.sinceBoot < memberSeconds ? 'left' : 'gone';
    const step = nextStep(plan.wish, { ...now, others: plan.others }, patience);
    if (step === null) break;
    if (step.kind === 'wait') waited = 'yes';
    const done = await take(step, { plan, host, own: now.own });
    if (done.worked === 'yes') output.changed = true;
    if (done.certificateKey !== null) output.certificate_key = done.certificateKey;
    // Its API server may need a moment now; asking what is next would find an init that was cut.
    if (done.worked === 'yes' && (step.kind === 'init' || step.kind === 'resume')) break;
  }
  const { ca } = await confirm(host, plan.args.node_name ?? null);
  return { ...output, ca_hash: ca };
}

/** How long a node may take from boot until its API server answers, before an init is thought to have been cut. */
const bootSeconds = 90;

/** How long kubelet may take after a boot to have an API server up that it had to start several times. */
const memberSeconds = 330;

function isStarting({ own, certificate }: Pick<InitView, 'own' | 'certificate'>): boolean {
  const whole = isControlPlane(own) && certificate?.pair === 'whole';
  return own.api === null && own.running === null && whole;
}

/** How long members of etcd, or an API server, may take to come back: a machine that was just started needs most of it. */
const quorumMs = 90_000;

/** @throws Failure HAPB6574 when they do not. */
async function quorumBack({ args }: InitPlan, host: HostWriter): Promise<void> {
  const deadline = Date.now() + quorumMs;
  for (;;) {
    const { api, lostQuorum } = await host.ask(kubeadmFacts(args.node_name ?? null));
    // The API server needs a moment more than etcd; an init that was cut would look the same.
    if (api !== null) return;
    if (Date.now() > deadline) {
      if (lostQuorum === null) return;
      refuseLostQuorum(host.name, lostQuorum);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

interface Place {
  readonly plan: InitPlan;
  readonly host: HostWriter;
  readonly own: KubeadmFacts;
}

/** `worked`: whether it was this run's own doing. */
interface Taken {
  readonly worked: 'yes' | 'no';
  readonly certificateKey: Secret | null;
}

async function take(step: InitStep, { plan, host, own }: Place): Promise<Taken> {
  const { args } = plan;
  const timeoutMs = args.timeout * 1000;
  const node = { nodeName: own.nodeName, address: plan.address, criSocket: args.cri_socket, timeoutMs };
  switch (step.kind) {
    case 'follow':
      await followKubeadm(host, { command: 'init', timeoutMs });
      return { worked: 'no', certificateKey: null };
    case 'wait':
      host.progress(step.summary);
      await quorumBack(plan, host);
      return { worked: 'no', certificateKey: null };
    case 'reset':
      host.progress('clearing away the init that was cut');
      await resetNode(host, { criSocket: args.cri_socket, after: 'init' });
      return { worked: 'no', certificateKey: null };
    case 'init':
    case 'resume': {
      await keepConfig(plan, host);
      const key = args.upload_certs ? (args.certificate_key ?? newKey()) : null;
      const ended = await runKubeadm(host, {
        command: 'init',
        config: plan.config,
        certificateKey: key,
        ignore: [...args.ignore_preflight_errors, ...(step.kind === 'resume' ? resumable : [])],
        timeoutMs,
      });
      const own = ended.kind === 'finished' && !ended.adopted;
      return { worked: own ? 'yes' : 'no', certificateKey: own ? key : null };
    }
    case 'renew': {
      host.progress(step.summary);
      await keepConfig(plan, host);
      const { cluster, certSans } = step;
      const names = step.fault.kind === 'lacks' ? step.fault.names : certSans;
      return took(await renewCertificate(host, { ...node, cluster, names }));
    }
    case 'store': {
      host.progress(step.summary);
      await keepConfig(plan, host);
      return took(await storeConfiguration(host, { ...node, cluster: step.cluster }));
    }
  }
}

function took(done: { readonly kind: string; readonly adopted?: boolean }): Taken {
  return { worked: done.adopted === true ? 'no' : 'yes', certificateKey: null };
}

function newKey(): Secret {
  return new Secret(randomBytes(32).toString('hex'), 'certificate key');
}

async function keepConfig({ args, config }: InitPlan, host: HostWriter): Promise<void> {
  await host.run({ sh: 'mkdir -p "${1%/*}"', args: [args.config_path] });
  await host.write({ path: args.config_path, content: config, mode: '0600', owner: 'root', group: 'root' });
}

/** kubeadm's exit code is not enough: what the next run would ask is asked now. @throws Failure HAPB6527 */
async function confirm(host: HostWriter, nodeName: string | null): Promise<KubeadmFacts> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const facts = await host.ask(kubeadmFacts(nodeName));
    const found = initState(facts, []);
    if (found.kind === 'member') return facts;
    if (Date.now() > deadline) {
      const missing = found.kind === 'resumable' ? `; missing: ${found.missing.join(', ')}` : '';
      throw new Failure({
        code: 'HAPB6527',
        message: `kubeadm init ended on ${host.name}, but its control plane is not whole (${found.kind}${missing})`,
        hint: 'Look at the kubelet (journalctl -u kubelet) and the containers (crictl ps -a); then run again.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
