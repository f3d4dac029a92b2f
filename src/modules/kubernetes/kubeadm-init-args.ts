import type { Secret } from '../../core/secret.ts';
import type { ArgsSchema } from '../module.ts';
import { type NodeArgs, nodeArgs } from './kubeadm-common.ts';
import type { Data } from './yaml-text.ts';

/** Arguments of kubeadm_init, defaults filled in. */
export interface KubeadmInitArgs extends NodeArgs {
  readonly kubernetes_version?: string;
  readonly cert_sans: readonly string[];
  readonly pod_subnet?: string;
  readonly service_subnet: string;
  readonly dns_domain: string;
  readonly skip_phases: readonly string[];
  readonly feature_gates: Readonly<Record<string, boolean>>;
  readonly image_repository?: string;
  readonly kubelet: Readonly<Record<string, Data>>;
  readonly config_patch: readonly Readonly<Record<string, Data>>[];
  readonly upload_certs: boolean;
  readonly certificate_key?: Secret;
  readonly config_path: string;
  readonly dry_run?: boolean;
}

const texts = { type: 'array', items: { type: 'string' } };

/** Their schema. */
export const initArgs: ArgsSchema = {
  type: 'object',
  properties: {
    ...nodeArgs,
    kubernetes_version: {
      description: "Version of the control plane; absent: kubeadm's own.",
      type: 'string',
      pattern: '^v\\d+\\.\\d+\\.\\d+',
    },
    cert_sans: {
      description:
        "Further names and addresses in the API server's certificate: the VIP, all nodes. Names added later are added to the certificate.",
      type: 'array',
      items: {
        type: 'string',
        pattern:
          '^((\\*[.])?[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*|[0-9A-Fa-f:.]+)$',
      },
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
      items: { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'] },
      default: [],
    },
    upload_certs: {
      description:
        'Upload the certificates for joins that are made by hand within two hours; kubeadm_join does not need it.',
      type: 'boolean',
      default: true,
    },
    certificate_key: {
      description: 'Key for `upload_certs`: 64 hexadecimal digits; absent: a new one.',
      type: 'string',
      secret: 'always',
    },
    config_path: {
      description: "Where kubeadm's configuration is kept, readable by root alone. It holds no secret.",
      type: 'string',
      pattern: '^/.*[^/]$',
      default: '/etc/kubernetes/hapb-kubeadm.yaml',
    },
    dry_run: {
      description:
        'Let kubeadm validate its configuration and check the node before anything is done, in check mode too.',
      type: 'boolean',
    },
  },
  required: ['endpoint'],
  dependentRequired: { dry_run: ['kubernetes_version'] },
  additionalProperties: false,
};
