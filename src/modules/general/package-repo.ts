import { all, nothing } from '../ask.ts';
import { candidates, controllerFile } from '../asks/controller-file.ts';
import type { Module } from '../module.ts';
import { applyRepo } from './package-repo-apply.ts';
import {
  keyPath,
  namedKey,
  planRepo,
  type RepoArgs,
  type RepoChange,
  type RepoState,
  sourcePath,
} from './package-repo-plan.ts';
import { textFile } from './text-file.ts';

/** Sources of packages. */
export const packageRepo: Module<RepoArgs, RepoState, RepoChange> = {
  name: 'package_repo',
  aliases: ['deb822_repository'],
  summary: 'Adds a source of packages with its signing key (apt), and reads its lists.',
  notes: [
    'Nothing is needed on the host: the key comes from the controller and is installed as ASCII armor, which apt reads without gpg.',
    'A source whose lists cannot be read is not added: the file is put in place last, so an interrupted run starts again from the beginning.',
    'A key from `key_url` is fetched by the controller once; when it is on the host it is not fetched again unless `refresh_key` says so.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'Name of its file in /etc/apt/sources.list.d, without ending.',
      },
      types: {
        type: ['string', 'array'],
        items: { enum: ['deb', 'deb-src'] },
        default: 'deb',
        description: 'deb for packages, deb-src for their sources.',
      },
      uris: {
        type: ['string', 'array'],
        items: { type: 'string' },
        minItems: 1,
        description: 'Address of the source, or several.',
        aliases: ['url', 'uri'],
      },
      suites: {
        type: ['string', 'array'],
        items: { type: 'string' },
        default: '/',
        description: 'Suite such as bookworm. One that ends in a slash is a path, and has no components.',
        aliases: ['suite'],
      },
      components: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Components such as main.',
        aliases: ['component'],
      },
      architectures: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Only these architectures.',
      },
      signed_by: {
        type: 'string',
        description: 'The signing key as ASCII armor, its address, or its path on the host.',
      },
      key: { type: 'string', description: 'The signing key itself, as ASCII armor.' },
      key_file: {
        type: 'string',
        description: 'Path of the key on the controller; relative ones are looked for in files/.',
      },
      key_url: {
        type: 'string',
        pattern: '^https?://',
        description: 'Address from which the controller fetches the key.',
      },
      refresh_key: {
        type: 'boolean',
        default: false,
        description: 'Fetch the key from key_url again at every run.',
      },
      trusted: {
        type: 'boolean',
        default: false,
        description: 'Take packages without a signature. Only for sources that nobody else can write to.',
      },
      state: {
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the source is to be there.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  traits: ['durable'],
  returns: { path: 'The source’s file.', key_path: 'The key’s file; null without one.' },
  example: `- name: Add the Kubernetes packages
  package_repo:
    name: kubernetes
    uris: https://pkgs.k8s.io/core:/stable:/v1.34/deb/
    key_url: https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key
`,
  probe: (args, task) =>
    all({
      source: textFile(sourcePath(args)),
      key: textFile(keyPath(args)),
      keyFile:
        args.key_file === undefined
          ? nothing(null)
          : controllerFile(candidates(args.key_file, 'files', task), 1_048_576),
    }),
  diff: planRepo,
  apply: applyRepo,
  output: (args) => ({ path: sourcePath(args), key_path: namedKey(args) }),
  foreseen: ({ args }) => ({
    path: sourcePath(args),
    key_path: namedKey(args),
  }),
};
