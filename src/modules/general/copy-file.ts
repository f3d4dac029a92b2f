import { Failure } from '../../core/failure.ts';
import type { Module } from '../module.ts';
import { applyCopy, type CopyArgs, type CopyChange, planCopy } from './copy-apply.ts';
import { type CopyFileState, copyState } from './copy-ask.ts';
import { putReturns } from './copy-plan.ts';
import { applyTree, planTree, type TreeChange, treeOutput } from './copy-tree.ts';
import { backupArgument, changedPath, permissionArguments, validateArgument } from './file-arguments.ts';
import { putOutput } from './file-output.ts';
import { refusedFileArguments } from './refused-argument.ts';

/** Puts a file, or a folder of them, in place. */
export const copyFile: Module<CopyArgs, CopyFileState, CopyChange | TreeChange> = {
  name: 'copy_file',
  aliases: ['copy'],
  summary:
    'Puts files in place: from the controller, from a text, from the host itself, or from another host.',
  notes: [
    'A relative `src` is looked for in `files/` of the role or the playbook’s folder, then in the folder itself.',
    'A `src` that is a folder is copied with all that is in it, up to 2000 files: the folder itself into `dest`, or with a slash behind `src` only what is in it. What else is in `dest` stays.',
    'A `src` of the controller that is encrypted with the vault is decrypted on the way. Its text is a secret: no diff is shown, and a new file gets mode 0600 unless the task says otherwise.',
    'With `from_host` the content passes through the controller and is never written to its disk. Its permissions are copied too, unless given.',
    'The file is written under a temporary name beside its place and renamed, so nobody reads half of it. A container that has bind-mounted the single file keeps the old one until it is restarted.',
    'Undo: copy the file back that `backup: true` kept.',
  ],
  args: {
    type: 'object',
    properties: {
      src: {
        type: 'string',
        hostPath: 'remote',
        relative: 'allowed',
        minLength: 1,
        description: 'Path on the controller; with remote_src on the host, with from_host on that one.',
      },
      content: {
        type: ['string', 'number', 'boolean', 'array', 'object'],
        secret: 'allowed',
        description: 'The content itself, instead of src. A list or map is written as JSON.',
      },
      from_host: { type: 'string', description: 'Inventory name of the host that src is on.' },
      remote_src: { type: 'boolean', default: false, description: 'true: src is on the host itself.' },
      dest: changedPath(
        'Where it goes. A directory (or a slash at the end) means: into it, under the name of src; with a slash a missing folder is made.',
      ),
      ...permissionArguments,
      mode: {
        ...permissionArguments.mode,
        description: `${permissionArguments.mode?.description ?? ''} \`preserve\`: those of src.`,
      },
      backup: backupArgument,
      validate: validateArgument,
      force: {
        type: 'boolean',
        default: true,
        description: 'false: a file that is there already is left alone, whatever it holds.',
      },
      follow: {
        type: 'boolean',
        default: false,
        description: 'true: write to where a link at dest leads. false: the file takes the link’s place.',
      },
      local_follow: {
        type: 'boolean',
        default: true,
        description: 'In a folder: copy what links lead to. false: make the same links.',
      },
      checksum: {
        type: 'string',
        pattern: '^[0-9a-fA-F]{40}$',
        description: 'SHA-1 that the source must have.',
      },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'false: a src that is encrypted with the vault is copied as it is.',
      },
      directory_mode: {
        type: 'string',
        numbers: 'refused',
        description: 'Permissions of folders that are made; given, a missing folder for a file is made too.',
      },
      ...refusedFileArguments,
    },
    required: ['dest'],
    oneOf: [{ required: ['src'] }, { required: ['content'] }],
    dependentRequired: { from_host: ['src'] },
    additionalProperties: false,
  },
  optional: ['backup_file', 'md5sum'],
  returns: { ...putReturns, src: 'Where the content came from; absent with content.' },
  example: `- name: Set the message of the day
  copy_file:
    content: |
      Managed by hapb.
    dest: /etc/motd
    mode: '0644'
`,
  probe: (args, task) => copyState(args, task),
  diff(args, state, task) {
    if (state.sha1 !== null && state.sha1 !== args.checksum?.toLowerCase()) {
      throw new Failure({
        code: 'HAPB6216',
        message: `src ${args.src ?? ''} has the sha1 digest ${state.sha1}, not ${args.checksum ?? ''}`,
        hint: 'It is another file than the playbook was written for; correct `checksum`, or the file.',
        argument: 'checksum',
        output: { checksum: state.sha1, expected_checksum: args.checksum },
      });
    }
    return state.tree === null ? planCopy(args, state, task) : planTree(args, state.tree, task);
  },
  apply: (wanted, host) => ('steps' in wanted ? applyTree(wanted, host) : applyCopy(wanted, host)),
  output(args, { to, tree }) {
    if (tree !== null) return treeOutput(args, tree);
    return {
      ...(to.now.kind === 'file' ? putOutput(to.path, to.now, to) : { dest: to.path, path: to.path }),
      ...(args.src === undefined ? {} : { src: args.src }),
    };
  },
  foreseen: (wanted) => ('steps' in wanted ? wanted.result : wanted.put.result),
};
