import type { ArgsSchema } from '../module.ts';
import type { Lease } from './kube-vip-versions.ts';

/** Arguments of kube_vip_manifest, defaults filled in. */
export interface KubeVipManifestArgs {
  readonly version: string;
  readonly image: string;
  readonly vip: string | readonly string[];
  readonly interface: string;
  readonly mode: 'arp' | 'bgp';
  readonly controlplane: boolean;
  readonly services: boolean;
  /** Absent: on in ARP mode, off in BGP mode. */
  readonly leader_election?: boolean;
  readonly port: number;
  readonly subnet?: string | number;
  readonly lease?: Lease;
  readonly kubeconfig: string;
  readonly bgp?: { readonly as: number; readonly router_id: string; readonly peers: readonly string[] };
  readonly extra_args: readonly string[];
  readonly extra_env: Readonly<Record<string, string | number | boolean>>;
  readonly generator: 'auto' | 'builtin' | 'container';
  readonly dest: string;
  readonly mode_file: string;
  readonly allow_defective: boolean;
}

const address = { type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] };
const seconds = { type: 'integer', minimum: 1, maximum: 600 };

/** Their schema. */
export const kubeVipManifestArgs: ArgsSchema = {
  type: 'object',
  properties: {
    version: {
      description: 'Version of kube-vip.',
      type: 'string',
      pattern: '^v\\d+\\.\\d+\\.\\d+',
      default: 'v1.1.2',
    },
    image: {
      description: 'Repository of its image, without tag.',
      type: 'string',
      default: 'ghcr.io/kube-vip/kube-vip',
    },
    vip: {
      description:
        'The virtual address. An address, not a name. For both families a list of one IPv4 and one IPv6 address.',
      anyOf: [address, { type: 'array', items: address, minItems: 1, maxItems: 2 }],
    },
    interface: {
      description: 'Interface that carries it; `auto`: the one whose network holds the VIP.',
      type: 'string',
      default: 'auto',
    },
    mode: { description: 'How the VIP is announced.', enum: ['arp', 'bgp'], default: 'arp' },
    controlplane: {
      description: 'Carry the VIP for the API server. Without it kube-vip serves Services alone.',
      type: 'boolean',
      default: true,
    },
    services: { description: 'Also serve Services of type LoadBalancer.', type: 'boolean', default: true },
    leader_election: {
      description:
        'One node at a time announces the VIP. Absent: on in ARP mode; off in BGP mode, where every node announces it.',
      type: 'boolean',
    },
    port: {
      description: "The API server's port.",
      type: 'integer',
      minimum: 1,
      maximum: 65535,
      default: 6443,
    },
    subnet: {
      description: 'Prefix length of the VIP, for a list of two as "32,128"; absent: single addresses.',
      type: ['string', 'integer'],
      pattern: '^\\d{1,3}(,\\d{1,3})?$',
    },
    lease: {
      description:
        "Leader election in seconds: how fast a dead leader is replaced. Absent: the version's defaults.",
      type: 'object',
      properties: { duration: seconds, renew: seconds, retry: seconds },
      required: ['duration', 'renew', 'retry'],
      additionalProperties: false,
    },
    kubeconfig: {
      description:
        'Kubeconfig on the node that kube-vip uses: a path, or `admin.conf` or `super-admin.conf` of /etc/kubernetes.',
      type: 'string',
      pattern: '^(admin\\.conf|super-admin\\.conf|/.+)$',
      default: '/etc/kubernetes/admin.conf',
    },
    bgp: {
      description: 'For `mode: bgp`: own AS, router id, and peers as ADDRESS:AS:PASSWORD:MULTIHOP.',
      type: 'object',
      properties: {
        as: { type: 'integer' },
        router_id: { type: 'string' },
        peers: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
      required: ['as', 'router_id', 'peers'],
      additionalProperties: false,
    },
    extra_args: {
      description:
        'Further flags of `kube-vip manifest pod`, a flag and its value as two items or as `--flag=value`. Only the container knows what they do to the manifest, except for `--enableLoadBalancer`.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
    },
    extra_env: {
      description:
        "Variables that the container gets besides, or instead of what kube-vip's generator sets by itself. Names that belong to an argument are refused.",
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      default: {},
    },
    generator: {
      description:
        '`auto`: built-in text, compared with what the container prints where its image is on the node; `builtin`: without the container; `container`: its output.',
      enum: ['auto', 'builtin', 'container'],
      default: 'auto',
    },
    dest: {
      description: 'Path of the manifest.',
      type: 'string',
      default: '/etc/kubernetes/manifests/kube-vip.yaml',
    },
    mode_file: { description: 'Mode of the file.', type: 'string', default: '0600' },
    allow_defective: {
      description: 'Accept a version with a known defect.',
      type: 'boolean',
      default: false,
    },
  },
  required: ['vip'],
  additionalProperties: false,
};
