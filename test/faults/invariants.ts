import { setTimeout as sleep } from 'node:timers/promises';
import { holders, readyPods } from '../e2e/cluster.ts';
import { onNode } from '../lab/rig/lab.ts';

const kubectl = 'kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=5s';

/** What is wrong with a whole control plane: nothing but started voters, one for each node, all pods ready, one holder of the VIP. */
export async function clusterProblems(nodes: readonly string[]): Promise<readonly string[]> {
  return patiently(async () => [
    ...(await memberProblems(nodes)),
    ...(await podProblems(nodes)),
    ...(await vipProblems(nodes)),
  ]);
}

/** A cluster that has just lost a node needs its time; what is still wrong after 60 s stays so. */
async function patiently(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const problems = await look().catch((thrown: unknown) => [String(thrown).split('\n')[0] ?? '']);
    if (problems.length === 0 || Date.now() > deadline) return problems;
    await sleep(1000);
  }
}

async function memberProblems(nodes: readonly string[]): Promise<readonly string[]> {
  const [first = ''] = nodes;
  const pki = '/etc/kubernetes/pki/etcd';
  const flags = `--cacert ${pki}/ca.crt --cert ${pki}/healthcheck-client.crt --key ${pki}/healthcheck-client.key`;
  const list = await onNode(
    first,
    `${kubectl} -n kube-system exec etcd-${first} -- etcdctl ${flags} member list`,
  );
  const members = list.split('\n').filter((line) => line !== '');
  const problems = members.filter((line) => !(/ started,/.test(line) && / false$/.test(line)));
  if (members.length !== nodes.length) problems.push(`etcd has ${members.length} members`);
  return problems.map((problem) => `etcd: ${problem}`);
}

/** A node of the control plane has five pods: API server, controller manager, scheduler, etcd, kube-vip. */
async function podProblems(nodes: readonly string[]): Promise<readonly string[]> {
  const ready = await readyPods(nodes[0] ?? '');
  return ready === 5 * nodes.length ? [] : [`${ready} of ${5 * nodes.length} pods are ready`];
}

async function vipProblems(nodes: readonly string[]): Promise<readonly string[]> {
  const found = await holders(nodes);
  return found.length === 1
    ? []
    : [`the VIP is held by ${found.length === 0 ? 'nobody' : found.join(' and ')}`];
}

/** What a run must not leave on a node: a lease, a command with its output, a configuration, a half-written file, a process. */
export async function leftOvers(node: string): Promise<readonly string[]> {
  const found = await onNode(
    node,
    `for path in /run/hapb* /dev/shm/hapb* /tmp/hapb* /tmp/.hapb*; do
      [ ! -e "$path" ] || find "$path"
    done
    find / -xdev \\( -path /proc -o -path /sys -o -path /var/lib/containerd \\) -prune -o -name '.hapb.*' -print
    ps -eo args | grep -E '^hapb-|[s]etsid|hapb-durable' | grep -v grep
    ctr -n k8s.io containers ls -q 2>/dev/null | grep hapb
    :`,
  );
  return found
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${node}: left behind: ${line}`);
}
