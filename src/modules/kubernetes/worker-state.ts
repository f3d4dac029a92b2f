import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import { isEmpty, type JoinState } from './kubeadm-state.ts';

/** Whether the kubelet says that it is well. */
export type KubeletHealth = 'healthy' | 'silent';

/** The name of the kubelet's health in the vocabulary of asks and effects. */
export const kubeletKey = 'kubelet:healthz';

// The kubelet is asked by whatever can; where nothing can, its unit has to do.
const script = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
port=$(sed -n 's/^healthzPort: *//p' /var/lib/kubelet/config.yaml 2>/dev/null)
port=\${port:-10248}
if [ "$port" = 0 ]; then a=$(systemctl is-active kubelet 2>/dev/null)
elif command -v curl >/dev/null; then a=$(curl -fsS -m 5 "http://127.0.0.1:$port/healthz" 2>/dev/null)
elif command -v kubectl >/dev/null; then
  a=$(kubectl --kubeconfig /dev/null --cache-dir /dev/null --request-timeout 5s --token none \\
    --server "http://127.0.0.1:$port" get --raw /healthz 2>/dev/null)
elif command -v wget >/dev/null; then a=$(wget -qO- -T 5 "http://127.0.0.1:$port/healthz" 2>/dev/null)
else a=$(systemctl is-active kubelet 2>/dev/null)
fi
case $a in ok|active) echo healthy ;; *) echo silent ;; esac
`;

/** Asks the node's kubelet. Key `kubelet:healthz`. */
export function kubeletHealth(): Ask<KubeletHealth> {
  return question({ key: kubeletKey, sh: script, parse: parseKubeletHealth });
}

/** Reads what the script printed. */
export function parseKubeletHealth(reply: ShellReply): KubeletHealth {
  return reply.stdout.trim() === 'healthy' ? 'healthy' : 'silent';
}

/** What classifies a node that is to be a worker. */
export interface WorkerView {
  readonly own: KubeadmFacts;
  /** Of a control-plane node of the cluster that it joins, with the list of Nodes. */
  readonly from: KubeadmFacts;
  readonly kubelet: KubeletHealth;
}

/** Classifies a node that `kubeadm join` without a control plane is for. */
export function workerState({ own, from, kubelet }: WorkerView): JoinState {
  if (own.running !== null) return { kind: 'running', command: own.running };
  if (own.ca !== null && from.ca !== null && own.ca !== from.ca) {
    return { kind: 'foreign', evidence: `its CA (${own.ca}) is not that of the cluster (${from.ca})` };
  }
  if (own.manifests.length > 0 || own.etcdData === 'present')
    return { kind: 'other-role', is: 'control-plane' };
  if (from.api === null || from.nodes === null) {
    return own.kubeletConf === 'file' && kubelet === 'healthy' ? { kind: 'member' } : { kind: 'no-cluster' };
  }
  const node = from.nodes.find((one) => one.name === own.nodeName);
  if (isEmpty(own)) return node?.ready === true ? { kind: 'name-taken', node } : { kind: 'none' };
  if (own.kubeletConf !== 'file' || node === undefined) return { kind: 'half-joined', member: null };
  return kubelet === 'healthy'
    ? { kind: 'member' }
    : { kind: 'unfinished', missing: ['an answer of its kubelet'] };
}
