import type { Module } from '../module.ts';
import { notNeeded } from './command-guard.ts';
import { changedTree, permissionArguments } from './file-arguments.ts';
import { listArgument } from './list-argument.ts';
import { refusedFileArguments } from './refused-argument.ts';
import { applyUnarchive } from './unarchive-apply.ts';
import { unarchiveState } from './unarchive-ask.ts';
import {
  planUnarchive,
  type UnarchiveArgs,
  type UnarchiveChange,
  type UnarchiveState,
  unarchiveResult,
} from './unarchive-plan.ts';

/** What an archive holds. */
export const unarchive: Module<UnarchiveArgs, UnarchiveState, UnarchiveChange> = {
  name: 'unarchive',
  summary: 'Unpacks an archive of tar or zip on the host.',
  notes: [
    'A relative `src` is looked for in `files/` of the role or the playbook’s folder, then in the folder itself; with `remote_src: true` it is a path of the host, or an address that the host fetches from.',
    'The archive’s list is held against what is there: kind, size, time of change, permissions, and where links lead. Content of equal size and time is taken as equal. Only when something differs the archive travels and is unpacked, whole.',
    'Check mode knows what would be unpacked, without sending the archive. It is unknown for an address, for an archive that is encrypted, and when the controller’s programs cannot list it.',
    'What packs it is seen from its first bytes: tar (plain, gzip, bzip2, xz, zstd) or zip. The host needs the programs for it (`xz-utils`, `bzip2`, `zstd`, `unzip`). Archives of up to 256 MiB can be sent; let the host fetch longer ones with `get_url`.',
    'Unlike Ansible, owners in the archive do not count as a difference unless `owner` or `group` are given.',
  ],
  args: {
    type: 'object',
    properties: {
      src: { type: 'string', minLength: 1, hostPath: 'remote', description: 'The archive.' },
      dest: changedTree('Folder to unpack into. It must be there.'),
      remote_src: {
        type: 'boolean',
        default: false,
        description: 'true: src lies on the host, or is an address.',
      },
      copy: { type: 'boolean', description: 'The old way to say remote_src; false means the host.' },
      creates: {
        type: 'string',
        hostPath: 'always',
        description: 'Where this path or glob matches, nothing is unpacked.',
      },
      list_files: { type: 'boolean', default: false, description: 'Register the names in the archive.' },
      include: listArgument({ description: 'Only these members.' }),
      exclude: listArgument({ description: 'All members but these; globs.' }),
      extra_opts: listArgument({
        description: 'Further words for tar or unzip, such as --strip-components=1, each an item of its own.',
      }),
      keep_newer: {
        type: 'boolean',
        default: false,
        description: 'Leave files that are newer than the archive’s.',
      },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'false: an archive that is encrypted with the vault is taken as it is.',
      },
      validate_certs: {
        type: 'boolean',
        default: true,
        description: 'Check the certificate behind an address.',
      },
      io_buffer_size: { type: 'integer', description: 'Taken for Ansible’s sake; nothing is done with it.' },
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['src', 'dest'],
    not: { required: ['include', 'exclude'] },
    additionalProperties: false,
  },
  optional: ['files', 'extract_results'],
  returns: {
    dest: 'The folder.',
    src: 'The archive, as the playbook says it.',
    handler: 'How it is packed, in Ansible’s word: TgzArchive, ZipArchive and the like.',
    state: 'Always directory.',
    mode: 'Octal permissions of the folder.',
    owner: 'Owner of the folder.',
    group: 'Group of the folder.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    size: 'What the file system says of the folder.',
    extract_results:
      'Where it was unpacked: the command cmd as a list, its rc, and what it said, out and err.',
    files: 'Names in the archive; only with list_files.',
  },
  example: `- name: The program's release
  unarchive:
    src: https://example.com/tool-1.2.3.tar.gz
    dest: /opt
    remote_src: true
    creates: /opt/tool-1.2.3
`,
  probe: (args, task) => unarchiveState(args, task),
  diff: (args, state, task) => planUnarchive(args, state, task),
  apply: applyUnarchive,
  output(args, state) {
    const why = notNeeded(args, state.guards)?.replace(/^skipped, since /, '');
    if (why !== undefined)
      return { skipped: true, msg: `skipped, since ${why}`, dest: args.dest, src: args.src };
    return state.archive?.kind === 'archive'
      ? unarchiveResult(args, state.archive, state)
      : { dest: args.dest, src: args.src };
  },
  foreseen: (wanted) => wanted.result,
};
