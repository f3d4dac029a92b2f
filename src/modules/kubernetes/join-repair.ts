import { Failure } from '../../core/failure.ts';
import type { HostWriter } from '../module.ts';
import type { EtcdMember } from './etcd-members.ts';
import { kubeadmFacts, localKubectl } from './kubeadm-facts.ts';
import { resetNode } from './kubeadm-reset.ts';
import { evidence, evidenceLines } from './node-evidence.ts';
import { kubeletHealth } from './worker-state.ts';

/** What is left of a join that did not reach etcd. */
export interface HalfJoined {
  /** A host in the cluster. */
  readonly from: HostWriter;
  readonly nodeName: string;
  /** Its entry in etcd, never a voter; `null`: none. */
  readonly member: EtcdMember | null;
  readonly criSocket: string;
}

// Asked once more on the spot: between the decision and now the member may have been promoted. 92: it is a voter.
const removal = `
${localKubectl}
node=$(uname -n | tr 'A-Z' 'a-z')
if [ -n "$2" ]; then
  l=$(etcdctl member list -w simple | grep "^$2, ") || l=
  case $l in
    '') ;;
    *', started, '*', false') exit 92 ;;
    *) etcdctl member remove "$2" || exit ;;
  esac
fi
k delete node "$1" --ignore-not-found --wait=false
`;

/** Removes it from etcd and the API, and resets the node. @throws Failure HAPB6553, HAPB6554 */
export async function clearHalfJoined(host: HostWriter, half: HalfJoined): Promise<void> {
  const removed = await half.from.run({
    sh: removal,
    args: [half.nodeName, half.member?.id ?? ''],
    timeoutMs: 60_000,
  });
  if (removed.exitCode === 92) return;
  if (removed.exitCode !== 0) {
    throw new Failure({
      code: 'HAPB6553',
      message: `what was left of ${half.nodeName} could not be removed from the cluster`,
      hint: `Check etcd on ${half.from.name} (a quorum must be up), and run again.`,
      details: removed.stderr.trim().split('\n').slice(-8).join('\n'),
    });
  }
  await resetNode(host, { criSocket: half.criSocket, after: 'join' });
}

/** A join that was cut after its etcd had become a voter. */
export interface Unfinished {
  readonly nodeName: string;
  readonly missing: readonly string[];
}

// What kubeadm's phase mark-control-plane does; the rest is the kubelet's own work.
const marking = `
${localKubectl}
k get node "$1" >/dev/null 2>&1 || exit 93
k label node "$1" --overwrite node-role.kubernetes.io/control-plane= node.kubernetes.io/exclude-from-external-load-balancers= &&
k taint node "$1" --overwrite node-role.kubernetes.io/control-plane=:NoSchedule
`;

/** Waits for the node's API server and marks its Node. Nothing is reset. @throws Failure HAPB6555 */
export async function finishJoin(host: HostWriter, unfinished: Unfinished): Promise<void> {
  const deadline = Date.now() + 120_000;
  let last = unfinished.missing;
  for (;;) {
    const facts = await host.ask(kubeadmFacts(unfinished.nodeName));
    if (facts.api?.node === 'control-plane') return;
    if (facts.api?.node === 'worker') {
      const marked = await host.run({ sh: marking, args: [unfinished.nodeName], timeoutMs: 60_000 });
      if (marked.exitCode === 0) return;
      last = [marked.stderr.trim()];
    }
    if (Date.now() > deadline) {
      throw new Failure({
        code: 'HAPB6555',
        message: `the join of ${host.name} was cut after it had become a voter of etcd, and its control plane does not come up`,
        hint: 'It is not reset, because etcd counts on it. Look at journalctl -u kubelet and crictl ps -a there.',
        details: `missing: ${last.join(', ')}`,
      });
    }
    host.progress(`waiting for ${last.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Starts the kubelet of a node that has joined, and waits until it is well. @throws Failure HAPB6597 */
export async function finishWorker(host: HostWriter): Promise<void> {
  await host.run({ sh: 'systemctl start kubelet', timeoutMs: 60_000 });
  const deadline = Date.now() + 60_000;
  while ((await host.ask(kubeletHealth())) !== 'healthy') {
    if (Date.now() > deadline) {
      throw new Failure({
        code: 'HAPB6597',
        message: `${host.name} has joined the cluster, but its kubelet does not come up`,
        hint: 'It is not reset, because pods may run there. Look at journalctl -u kubelet; then run again.',
        details: evidenceLines(await host.ask(evidence())).join('\n'),
      });
    }
    host.progress('waiting for the kubelet');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
