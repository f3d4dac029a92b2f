import type { ArgsSchema } from '../module.ts';
import { type NodeArgs, nodeArgs } from './kubeadm-common.ts';

/** Arguments of kubeadm_join, defaults filled in. */
export interface KubeadmJoinArgs extends NodeArgs {
  readonly from: string;
  readonly wait: 'etcd' | 'complete';
  readonly kubernetes_version?: string;
  readonly skip_phases: readonly string[];
}

/** Their schema. */
export const joinArgs: ArgsSchema = {
  type: 'object',
  properties: {
    ...nodeArgs,
    from: {
      description: 'Inventory name of a host that is in the cluster; it makes token and key.',
      type: 'string',
    },
    wait: {
      description:
        '`etcd`: return when the node is a voter of etcd and every member is healthy, the rest goes on; `complete`: when it is a member of the control plane.',
      enum: ['etcd', 'complete'],
      default: 'complete',
    },
    kubernetes_version: {
      description: "Absent: the cluster's.",
      type: 'string',
      pattern: '^v\\d+\\.\\d+\\.\\d+',
    },
    skip_phases: {
      description: 'Phases of kubeadm that are left out.',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  required: ['endpoint', 'from'],
  additionalProperties: false,
};
