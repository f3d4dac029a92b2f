import { Failure } from '../../core/failure.ts';
import type { ArgSchema } from '../module.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';

/** What is done with a node where an earlier attempt stopped half-way. */
export type OnPartial = 'resume' | 'fail' | 'reset';

/** Arguments that init and join share. */
export interface NodeArgs {
  readonly endpoint: string;
  readonly advertise_address: string;
  readonly port: number;
  readonly node_name?: string;
  readonly cri_socket: string;
  readonly ignore_preflight_errors: readonly string[];
  readonly on_partial: OnPartial;
  /** Seconds. */
  readonly timeout: number;
}

/** Their schemas. */
export const nodeArgs: Readonly<Record<string, ArgSchema>> = {
  endpoint: {
    description: 'Name (and port, else 6443) by which the control plane is reached.',
    type: 'string',
    pattern: '^[A-Za-z0-9.:\\[\\]-]+$',
  },
  advertise_address: {
    description:
      "The node's address for the other nodes; `auto`: that of the interface with the default route.",
    type: 'string',
    default: 'auto',
  },
  port: { description: "The API server's port.", type: 'integer', minimum: 1, maximum: 65535, default: 6443 },
  node_name: { description: 'Name of the Node; absent: the host name.', type: 'string' },
  cri_socket: {
    description: "The container runtime's socket.",
    type: 'string',
    default: 'unix:///run/containerd/containerd.sock',
  },
  ignore_preflight_errors: {
    description: "Checks of kubeadm's that may fail.",
    type: 'array',
    items: { type: 'string' },
    default: [],
  },
  on_partial: {
    description:
      'What to do where an earlier attempt stopped half-way. `resume`: go on from there (what a join left that never reached etcd is cleared away, and the join is done again); `fail`: leave it alone; `reset`: begin anew with `kubeadm reset`. A member of etcd that has begun is never reset: an init is then refused, a join finished.',
    enum: ['resume', 'fail', 'reset'],
    default: 'resume',
  },
  timeout: { description: 'Seconds that kubeadm may take.', type: 'integer', minimum: 30, default: 600 },
};

/** `name` with its port. */
export function withPort(endpoint: string, port: number): string {
  return /:\d+$/.test(endpoint) && !/^[^[]*:.*:/.test(endpoint) ? endpoint : `${endpoint}:${port}`;
}

/** @throws Failure HAPB6511 where a directory lies in the place of admin.conf */
export function refuseDirectoryTrap(facts: KubeadmFacts, host: string): void {
  if (facts.adminConf !== 'directory') return;
  throw new Failure({
    code: 'HAPB6511',
    message: `/etc/kubernetes/admin.conf on ${host} is a directory`,
    hint: 'The container runtime made it for a pod that mounts it before kubeadm had written the file. Move /etc/kubernetes/manifests/kube-vip.yaml away, run rmdir /etc/kubernetes/admin.conf, and run again.',
  });
}

/** @throws Failure HAPB6525 for a node of another cluster */
export function refuseForeign(host: string, evidence: string): never {
  throw new Failure({
    code: 'HAPB6525',
    message: `${host} belongs to another cluster: ${evidence}`,
    hint: 'If nothing of it is needed any more, run `kubeadm reset -f` on the node and delete /etc/kubernetes/pki; then run again.',
  });
}

/** @throws Failure HAPB6526 for a half-done node that must not be touched by itself */
export function refusePartial(host: string, missing: string): never {
  throw new Failure({
    code: 'HAPB6526',
    message: `an earlier attempt on ${host} stopped half-way (${missing})`,
    hint: 'Set `on_partial: resume` to go on from there, or `on_partial: reset` to begin anew.',
  });
}
