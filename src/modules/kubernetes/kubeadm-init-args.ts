import type { ArgsSchema } from '../module.ts';
import { type NodeArgs, nodeArgs } from './kubeadm-common.ts';
import type { Data } from './yaml-text.ts';

/** Arguments of kubeadm_init, defaults filled in. */
export interface KubeadmInitArgs extends NodeArgs {
  readonly kubernetes_version: string;
  readonly cert_sans: readonly string[];
  readonly pod_subnet?: string;
  readonly service_subnet: string;
  readonly dns_domain: string;
  readonly skip_phases: readonly string[];
  readonly feature_gates: Readonly<Record<string, boolean>>;
  readonly image_repository?: string;
  readonly kubelet: Readonly<Record<string, Data>>;
  readonly config_patch: readonly Readonly<Record<string, Data>>[];
}

const texts = { type: 'array', items: { type: 'string' } };

/** Their schema. */
export const initArgs: ArgsSchema = {
  type: 'object',
  properties: {
    ...nodeArgs,
    kubernetes_version: {
      description: 'Version of the control plane.',
      type: 'string',
      pattern: '^v\\d+\\.\\d+\\.\\d+',
    },
    cert_sans: {
      description: "Further names and addresses in the API server's certificate: the VIP, all nodes.",
      ...texts,
      default: [],
    },
    pod_subnet: { description: 'Network for pods, as the CNI is to use it.', type: 'string' },
    service_subnet: { description: 'Network for Services.', type: 'string', default: '10.96.0.0/12' },
    dns_domain: { description: "The cluster's DNS domain.", type: 'string', default: 'cluster.local' },
    skip_phases: {
      description: 'Phases of kubeadm that are left out.',
      ...texts,
      default: ['addon/kube-proxy'],
    },
    feature_gates: {
      description: "kubeadm's feature gates.",
      type: 'object',
      additionalProperties: { type: 'boolean' },
      default: {},
    },
    image_repository: { description: 'Registry for the control-plane images.', type: 'string' },
    kubelet: { description: 'Fields of KubeletConfiguration.', type: 'object', default: {} },
    config_patch: {
      description: "Documents merged over kubeadm's configuration by their `kind`.",
      type: 'array',
      items: { type: 'object' },
      default: [],
    },
  },
  required: ['endpoint', 'kubernetes_version'],
  additionalProperties: false,
};
