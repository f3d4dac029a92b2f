import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import type { HostWriter } from '../module.ts';
import { isMemberOf } from './etcd-members.ts';
import { etcdProblems, etcdView } from './etcd-view.ts';
import { clearHalfJoined, finishJoin } from './join-repair.ts';
import { makeJoinSecrets, revokeJoinTokens } from './join-secrets.ts';
import { withPort } from './kubeadm-common.ts';
import { joinConfig } from './kubeadm-config.ts';
import { type KubeadmFacts, kubeadmFacts } from './kubeadm-facts.ts';
import type { KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { followKubeadm, runKubeadm } from './kubeadm-run.ts';
import { joinState } from './kubeadm-state.ts';
import { parseStored } from './kubeadm-stored.ts';

/** A join as decided. */
export interface JoinPlan {
  readonly args: KubeadmJoinArgs;
  readonly address: string;
  readonly nodeName: string;
}

/**
 * Brings the node to the state asked for, from whatever state it is in by now: every round asks anew, then does the one
 * thing that is next.
 */
export async function join(plan: JoinPlan, host: HostWriter): Promise<Output> {
  const { args } = plan;
  const from = host.at({ kind: 'other', host: args.from });
  let worked = false;
  for (let round = 0; round < 6; round += 1) {
    const [own, first] = await Promise.all([
      host.ask(kubeadmFacts(args.node_name ?? null)),
      from.ask(kubeadmFacts(null)),
    ]);
    const found = joinState({ own, from: first, address: plan.address });
    switch (found.kind) {
      case 'member':
        if (worked) await revokeJoinTokens(from, plan.nodeName);
        return { node: plan.nodeName, phase: 'complete', changed: worked };
      case 'unfinished':
        if (args.wait === 'etcd') return { node: plan.nodeName, phase: 'etcd', changed: worked };
        await finishJoin(host, { nodeName: plan.nodeName, missing: found.missing });
        worked = true;
        break;
      case 'running': {
        const ended = await followKubeadm(host, {
          command: 'join',
          timeoutMs: args.timeout * 1000,
          ...wait(plan, from),
        });
        if (ended?.kind === 'running') return { node: plan.nodeName, phase: 'etcd', changed: worked };
        await revokeJoinTokens(from, plan.nodeName);
        break;
      }
      case 'half-joined':
        host.progress('clearing away the join that was cut');
        await clearHalfJoined(host, { from, nodeName: plan.nodeName, member: found.member });
        worked = true;
        break;
      case 'none': {
        worked = true;
        const running = await start(plan, { host, from, first });
        if (running) return { node: plan.nodeName, phase: 'etcd' };
        break;
      }
      case 'foreign':
      case 'no-cluster':
      case 'lost-voter':
        throw notAnyMore(host.name, found.kind);
    }
  }
  throw notAnyMore(host.name, 'not a member');
}

interface Place {
  readonly host: HostWriter;
  readonly from: HostWriter;
  readonly first: KubeadmFacts;
}

/** Starts kubeadm join; `true`: it was left running because etcd is whole again. */
async function start(plan: JoinPlan, { host, from, first }: Place): Promise<boolean> {
  const { args } = plan;
  await wholeEtcd(from, first.nodeName);
  const caCertHash = first.ca ?? '';
  const kubernetesVersion =
    args.kubernetes_version ??
    parseStored(first.api?.clusterConfiguration ?? '').kubernetesVersion ??
    'v1.31.0';
  host.progress(`token and certificate key from ${args.from}`);
  const secrets = await makeJoinSecrets(from, { nodeName: plan.nodeName, kubernetesVersion });
  const config = joinConfig({
    kubernetesVersion,
    endpoint: withPort(args.endpoint, args.port),
    node: {
      name: args.node_name ?? null,
      address: plan.address,
      port: args.port,
      criSocket: args.cri_socket,
    },
    token: secrets.token,
    caCertHash,
    certificateKey: secrets.certificateKey,
    skipPhases: args.skip_phases,
  });
  const ended = await runKubeadm(host, {
    command: 'join',
    config: new Secret(config, 'kubeadm join configuration'),
    ignore: args.ignore_preflight_errors,
    timeoutMs: args.timeout * 1000,
    ...wait(plan, from),
  });
  return ended.kind === 'running';
}

function wait(plan: JoinPlan, from: HostWriter): { readonly until?: () => Promise<boolean> } {
  if (plan.args.wait === 'complete') return {};
  return {
    until: async () => {
      const view = await from.ask(etcdView(null, plan.nodeName));
      const own = view?.members.find((one) =>
        isMemberOf(one, { name: plan.nodeName, address: plan.address }),
      );
      return own?.state === 'voter' && etcdProblems(view).length === 0;
    },
  };
}

/** Never two unfinished members: waits until the members there are are all healthy voters. @throws Failure HAPB6550 */
async function wholeEtcd(from: HostWriter, nodeName: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const problems = etcdProblems(await from.ask(etcdView(nodeName)));
    if (problems.length === 0) return;
    if (Date.now() > deadline) {
      throw new Failure({
        code: 'HAPB6550',
        message: `etcd is not whole, so no node can be added: ${problems.join('; ')}`,
        hint: 'Finish or remove that member first. Another join may be under way; then run again when it has ended.',
      });
    }
    from.progress(`waiting for etcd: ${problems[0] ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function notAnyMore(host: string, kind: string): Failure {
  return new Failure({
    code: 'HAPB6552',
    message: `kubeadm join ended on ${host}, but the node is not a member of the control plane (${kind})`,
    hint: 'Look at the kubelet (journalctl -u kubelet) and the containers (crictl ps -a) there; then run again.',
  });
}
