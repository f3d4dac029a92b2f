import { Failure } from '../../core/failure.ts';
import { refuseForeign } from './kubeadm-common.ts';
import type { JoinState } from './kubeadm-state.ts';

/** States in which nothing can be done. */
export type Hopeless = Extract<
  JoinState,
  { readonly kind: 'foreign' | 'no-cluster' | 'lost-voter' | 'other-role' | 'name-taken' }
>;

/** The names that a refusal mentions. */
export interface RefusalPlace {
  readonly host: string;
  readonly from: string;
  /** The address that the joining node announces. */
  readonly address: string;
}

/** Says why the node cannot join, and what a person does about it. @throws Failure HAPB6525, 6528, 6529, 6544, 6598 */
export function refuseJoin(found: Hopeless, { host, from, address }: RefusalPlace): never {
  switch (found.kind) {
    case 'foreign':
      return refuseForeign(host, found.evidence);
    case 'no-cluster':
      throw new Failure({
        code: 'HAPB6528',
        message: `${from} has no working control plane that ${host} could join`,
        hint: `Run kubeadm_init on ${from} first; if it was done, look at its API server and etcd.`,
        argument: 'from',
      });
    case 'lost-voter':
      throw new Failure({
        code: 'HAPB6529',
        message: `etcd counts ${host} as a voter (member ${found.member.id}), but the node holds nothing of the cluster`,
        hint: `If the machine was replaced or wiped, remove it first, on ${from}: kubectl -n kube-system exec etcd-${from} -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key member remove ${found.member.id}; then kubectl delete node ${found.member.name}. Voters are never removed by hapb.`,
      });
    case 'other-role': {
      const wanted = found.is === 'worker' ? 'a control-plane node' : 'a worker';
      throw new Failure({
        code: 'HAPB6598',
        message: `${host} is ${found.is === 'worker' ? 'a worker' : 'a control-plane node'} of the cluster, and the playbook asks for ${wanted}`,
        hint:
          found.is === 'worker'
            ? 'Drain it, `kubectl delete node` it, run `kubeadm reset -f` on it, and run again. hapb does not take a node with pods out of a cluster.'
            : 'Remove it from the control plane first (etcd member, `kubectl delete node`, `kubeadm reset -f` on it), and run again.',
        argument: 'role',
      });
    }
    case 'name-taken': {
      const { name, address: holder } = found.node;
      throw new Failure({
        code: 'HAPB6544',
        message: `a living node named ${name} is in the cluster already (${holder ?? 'no address'}), and ${host} holds nothing of it`,
        hint:
          holder === address
            ? `It has the address of ${host}: it was reset or wiped. Delete its Node with \`kubectl delete node ${name}\`, or wait until it is NotReady (40 s).`
            : `Two machines have one host name: rename one, set \`node_name\`, or remove the old Node with \`kubectl delete node ${name}\`.`,
      });
    }
  }
}
