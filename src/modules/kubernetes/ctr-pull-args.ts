import type { Secret } from '../../core/secret.ts';
import type { ArgsSchema } from '../module.ts';

/** Arguments of ctr_pull, defaults filled in. */
export interface CtrPullArgs {
  readonly image: string;
  readonly namespace: string;
  readonly platform?: string;
  readonly hosts_dir: string;
  readonly plain_http: boolean;
  readonly user?: Secret;
  readonly archive?: string;
  readonly archive_from: 'node' | 'controller';
  readonly force: boolean;
  readonly timeout: number;
  readonly retries: number;
  readonly ctr: string;
  readonly address: string;
}

/** Their schema. */
export const ctrPullArgs: ArgsSchema = {
  type: 'object',
  properties: {
    image: { description: 'Full name with tag or digest.', type: 'string', minLength: 1 },
    namespace: { description: 'Namespace of containerd.', type: 'string', default: 'k8s.io' },
    platform: {
      description: 'Platform such as linux/arm64; absent: that of the node.',
      type: 'string',
      pattern: '^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$',
    },
    hosts_dir: {
      description: 'Folder with hosts.toml files.',
      type: 'string',
      default: '/etc/containerd/certs.d',
    },
    plain_http: { description: 'Speak HTTP with the registry.', type: 'boolean', default: false },
    user: {
      description: 'Login at the registry as NAME:PASSWORD (or NAME:TOKEN).',
      type: 'string',
      secret: 'always',
    },
    archive: { description: 'Image archive to import instead of pulling.', type: 'string', minLength: 1 },
    archive_from: {
      description: 'Where the archive lies; on the controller a relative path is looked up as for copy_file.',
      enum: ['node', 'controller'],
      default: 'node',
    },
    force: {
      description: 'Pull although it is there, in case the tag moved.',
      type: 'boolean',
      default: false,
    },
    timeout: { description: 'Seconds for one attempt.', type: 'integer', minimum: 1, default: 600 },
    retries: {
      description: 'Further attempts when the registry does not answer.',
      type: 'integer',
      minimum: 0,
      default: 3,
    },
    ctr: { description: 'The program: a name or a path.', type: 'string', minLength: 1, default: 'ctr' },
    address: {
      description: "containerd's socket.",
      type: 'string',
      default: '/run/containerd/containerd.sock',
    },
  },
  required: ['image'],
  additionalProperties: false,
};
