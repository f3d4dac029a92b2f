import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { DurableResult, HostWriter } from '../module.ts';
import { repairMember } from './apiserver-sans-member.ts';
import { explained, type JoinPlace } from './join-endpoint.ts';
import { isVoter, wholeEtcd } from './join-etcd.ts';
import { joinFacts, repairOf, stateOf } from './join-facts.ts';
import { refuseJoin } from './join-refusal.ts';
import { clearHalfJoined, finishJoin, finishWorker } from './join-repair.ts';
import { revokeJoinTokens } from './join-secrets.ts';
import { startJoin } from './join-start.ts';
import { withPort } from './kubeadm-common.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import type { KubeadmJoinArgs } from './kubeadm-join-args.ts';
import { followKubeadm } from './kubeadm-run.ts';

/** A join as decided. */
export interface JoinPlan {
  readonly args: KubeadmJoinArgs;
  readonly address: string;
  readonly nodeName: string;
}

/** What became of the attempts so far. */
interface Progress {
  worked: boolean;
  /** Whether its certificate was renewed. */
  repaired: boolean;
  secrets: 'given' | 'fresh';
  /** Whether token or certificates were refused once. */
  refused: boolean;
}

/**
 * Brings the node to the state asked for, from whatever state it is in by now: every round asks anew, then does the one
 * thing that is next.
 */
export async function join(plan: JoinPlan, host: HostWriter): Promise<Output> {
  const { args, nodeName } = plan;
  const from = host.at({ kind: 'other', host: args.from });
  const place: JoinPlace = { host, from, endpoint: withPort(args.endpoint, args.port) };
  const so: Progress = { worked: false, repaired: false, secrets: 'given', refused: false };
  for (let round = 0; round < 8; round += 1) {
    const facts = await host.ask(joinFacts(args));
    const found = stateOf(args.role, facts, plan.address);
    const repair = repairOf(found, facts, host.name);
    if (repair !== null) {
      await repairMember(host, repair, {
        nodeName,
        address: plan.address,
        criSocket: args.cri_socket,
        timeoutMs: args.timeout * 1000,
      });
      so.repaired = true;
      continue;
    }
    const changed = so.worked || so.repaired;
    switch (found.kind) {
      case 'member':
        if (so.worked) await finished(plan, from, facts.from);
        return { node: nodeName, phase: 'complete', changed };
      case 'unfinished':
        if (args.wait === 'etcd') return { node: nodeName, phase: 'etcd', changed };
        if (args.role === 'worker') await finishWorker(host);
        else await finishJoin(host, { nodeName, missing: found.missing });
        so.worked = true;
        break;
      case 'half-joined':
        host.progress('clearing away the join that was cut');
        await clearHalfJoined(host, { from, nodeName, member: found.member, criSocket: args.cri_socket });
        so.worked = true;
        break;
      case 'running': {
        const ended = await once(so, { ...place, nodeName }, () =>
          followKubeadm(host, { command: 'join', timeoutMs: args.timeout * 1000, ...wait(plan, from) }),
        );
        if (ended?.kind === 'running') return { node: nodeName, phase: 'etcd', changed };
        await revokeJoinTokens(from, nodeName);
        break;
      }
      case 'none': {
        so.worked = true;
        const ended = await once(so, { ...place, nodeName }, () =>
          startJoin({ ...plan, ...place, first: facts.from, secrets: so.secrets, ...wait(plan, from) }),
        );
        if (ended?.kind === 'running') return { node: nodeName, phase: 'etcd' };
        break;
      }
      case 'foreign':
      case 'no-cluster':
      case 'lost-voter':
      case 'other-role':
      case 'name-taken':
        refuseJoin(found, { host: host.name, from: args.from, address: plan.address });
    }
  }
  throw notAnyMore(host.name);
}

/** The cluster takes neither the token nor the certificates that the join came with; fresh ones may do. */
const stale: readonly string[] = ['HAPB6540', 'HAPB6541', 'HAPB6557'];

/** A kubeadm that takes too long goes on, and needs its token. */
const stillRunning = 'HAPB7022';

/** Runs an attempt; `null` when token or certificates were refused for the first time, so that another one follows. */
async function once(
  so: Progress,
  { nodeName, ...place }: JoinPlace & { readonly nodeName: string },
  attempt: () => Promise<DurableResult | null>,
): Promise<DurableResult | null> {
  try {
    return await attempt();
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.problem.code === stillRunning) throw thrown;
    await revokeJoinTokens(place.from, nodeName);
    if (so.refused || !stale.includes(thrown.problem.code)) throw await explained(thrown, place);
    so.refused = true;
    so.secrets = 'fresh';
    place.host.progress(`${thrown.problem.message}: once more with fresh ones`);
    return null;
  }
}

/** After the join: its token is revoked, and etcd is whole again where that is asked for. */
async function finished({ args, nodeName }: JoinPlan, from: HostWriter, first: KubeadmFacts): Promise<void> {
  await revokeJoinTokens(from, nodeName);
  if (args.role === 'worker' || !args.wait_etcd) return;
  await wholeEtcd(from, {
    asked: first.nodeName,
    limitMs: args.wait_etcd_timeout * 1000,
    when: 'after',
  });
}

function wait(plan: JoinPlan, from: HostWriter): { readonly until?: () => Promise<boolean> } {
  const { args } = plan;
  if (args.wait === 'complete') return {};
  return { until: () => isVoter(from, plan, args.wait_etcd ? 'all' : 'itself') };
}

function notAnyMore(host: string): Failure {
  return new Failure({
    code: 'HAPB6552',
    message: `kubeadm join ended on ${host}, but the node is not a member of the cluster`,
    hint: 'Look at the kubelet (journalctl -u kubelet) and the containers (crictl ps -a) there; then run again.',
  });
}
