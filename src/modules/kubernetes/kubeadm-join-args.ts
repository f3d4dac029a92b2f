import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { isLike } from '../../core/secret-text.ts';
import type { ArgsSchema } from '../module.ts';
import { type NodeArgs, nodeArgs } from './kubeadm-common.ts';

/** Arguments of kubeadm_join, defaults filled in. */
export interface KubeadmJoinArgs extends NodeArgs {
  readonly from: string;
  readonly role: 'control-plane' | 'worker';
  readonly wait: 'etcd' | 'complete';
  readonly wait_etcd: boolean;
  /** Seconds. */
  readonly wait_etcd_timeout: number;
  readonly discovery: 'token' | 'file';
  readonly certs: 'download' | 'copy';
  readonly token?: Text;
  readonly ca_cert_hash?: string;
  readonly certificate_key?: Text;
  readonly kubernetes_version?: string;
  readonly skip_phases: readonly string[];
}

/** Their schema. */
export const joinArgs: ArgsSchema = {
  type: 'object',
  properties: {
    ...nodeArgs,
    from: {
      description:
        'Inventory name of a control-plane host of the cluster: it tells what the cluster knows of the node, and makes token and key.',
      type: 'string',
    },
    role: {
      description: 'What the node becomes.',
      enum: ['control-plane', 'worker'],
      default: 'control-plane',
    },
    wait: {
      description:
        '`etcd`: return when the node is a voter of etcd and every member is healthy, the rest goes on; `complete`: when it is a member of the control plane.',
      enum: ['etcd', 'complete'],
      default: 'complete',
    },
    wait_etcd: {
      description:
        'Whether a join is done only when every member of etcd is a healthy voter. Before a join etcd must be whole in any case.',
      type: 'boolean',
      default: true,
    },
    wait_etcd_timeout: {
      description: 'Seconds that etcd may take for it, after kubeadm has ended.',
      type: 'integer',
      minimum: 1,
      default: 300,
    },
    discovery: {
      description:
        '`token`: the node reads the public cluster-info, pinned by the hash of the CA; `file`: it gets the CA itself, for clusters whose cluster-info is not public.',
      enum: ['token', 'file'],
      default: 'token',
    },
    certs: {
      description:
        '`download`: kubeadm uploads the shared certificates to the cluster, encrypted, and the node fetches them; `copy`: they are copied from `from` through the memory of the controller.',
      enum: ['download', 'copy'],
      default: 'download',
    },
    token: {
      description:
        'Bootstrap token to join with. Absent: one is made and revoked afterwards. One that has expired is replaced by a fresh one.',
      type: 'string',
      secret: 'always',
    },
    ca_cert_hash: {
      description:
        "Hash of the public key of the cluster's CA, to insist on one. Absent: that of the CA on `from`.",
      type: 'string',
      pattern: '^sha256:[0-9a-f]{64}$',
    },
    certificate_key: {
      description:
        'Key of certificates that were uploaded already. Absent: they are uploaded with a fresh one. One that does not fit any more is replaced.',
      type: 'string',
      secret: 'always',
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

/** @throws Failure HAPB6559 for arguments that do not go together, or do not look like what they should be */
export function checkJoinArgs(args: KubeadmJoinArgs): void {
  if (args.role === 'worker') {
    if (args.wait === 'etcd') refuse('wait', 'a worker has no etcd to wait for', 'Leave `wait` out.');
    if (args.certs === 'copy') refuse('certs', 'a worker gets no certificates', 'Leave `certs` out.');
    if (args.certificate_key !== undefined)
      refuse('certificate_key', 'a worker gets no certificates', 'Leave `certificate_key` out.');
  }
  if (args.certs === 'copy' && args.certificate_key !== undefined)
    refuse('certificate_key', 'certificates that are copied need no key', 'Leave out one of the two.');
  if (args.token !== undefined && !isLike(args.token, /^[a-z0-9]{6}\.[a-z0-9]{16}$/))
    refuse('token', 'that is no bootstrap token', 'A token looks like abcdef.0123456789abcdef.');
  if (args.certificate_key !== undefined && !isLike(args.certificate_key, /^[0-9a-f]{64}$/))
    refuse('certificate_key', 'that is no certificate key', '`kubeadm certs certificate-key` makes one.');
}

/** @throws Failure HAPB6558 when the CA that the playbook insists on is not the one of the cluster */
export function checkCaHash(args: KubeadmJoinArgs, ca: string | null): void {
  if (args.ca_cert_hash === undefined || ca === null || args.ca_cert_hash === ca) return;
  throw new Failure({
    code: 'HAPB6558',
    message: `the cluster of ${args.from} has the CA ${ca}, and the playbook insists on ${args.ca_cert_hash}`,
    hint: 'Either `from` names a host of another cluster, or the hash is of an older one. Without ca_cert_hash the CA on `from` is taken.',
    argument: 'ca_cert_hash',
  });
}

function refuse(argument: string, message: string, hint: string): never {
  throw new Failure({ code: 'HAPB6559', message, hint, argument });
}
