import { Secret } from '../../core/secret.ts';
import { type Ask, all, map, nothing, on, type Target } from '../ask.ts';
import { candidates, controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import type { Module, TaskContext } from '../module.ts';
import {
  applyCopy,
  type CopyArgs,
  type CopyChange,
  type CopySource,
  type CopyState,
  planCopy,
} from './copy-apply.ts';
import { putOutput, putReturns } from './copy-plan.ts';
import { destination } from './destination.ts';
import { backupArgument, pathArgument, permissionArguments, validateArgument } from './file-arguments.ts';
import { maxDiffBytes } from './file-change.ts';

/** Puts a file in place. */
export const copyFile: Module<CopyArgs, CopyState, CopyChange> = {
  name: 'copy_file',
  aliases: ['copy'],
  summary: 'Puts a file in place: from the controller, from a text, or from another host.',
  notes: [
    'A relative `src` is looked for in `files/` of the role or the playbook’s folder, then in the folder itself.',
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
        minLength: 1,
        description: 'Path on the controller, or with from_host on that host.',
      },
      content: {
        type: ['string', 'number', 'boolean', 'array', 'object'],
        secret: 'allowed',
        description: 'The content itself, instead of src. A list or map is written as JSON.',
      },
      from_host: { type: 'string', description: 'Inventory name of the host that src is on.' },
      dest: pathArgument(
        'Where the file goes. A directory (or a slash at the end) means: into it, under the name of src.',
      ),
      ...permissionArguments,
      backup: backupArgument,
      validate: validateArgument,
      force: {
        type: 'boolean',
        default: true,
        description: 'false: a file that is there already is left alone, whatever it holds.',
      },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'false: a src that is encrypted with the vault is copied as it is.',
      },
      directory_mode: {
        type: 'string',
        description: 'Make a missing folder for the file, with these permissions.',
      },
    },
    required: ['dest'],
    oneOf: [{ required: ['src'] }, { required: ['content'] }],
    dependentRequired: { from_host: ['src'] },
    additionalProperties: false,
  },
  returns: { ...putReturns, src: 'Where the content came from; absent with content.' },
  example: `- name: Set the message of the day
  copy_file:
    content: |
      Managed by hapb.
    dest: /etc/motd
    mode: '0644'
`,
  probe(args, task) {
    const name = args.src === undefined ? null : (args.src.split('/').at(-1) ?? args.src);
    // Old text is only of use for a diff, which secrets and hosts' files do not get.
    const wantsText = args.from_host === undefined && !(args.content instanceof Secret);
    const question = wantsText
      ? ({ content: 'text', maxContentBytes: maxDiffBytes, name } as const)
      : ({ content: 'hash', name } as const);
    return all({ source: sourceOf(args, task), to: destination(args.dest, question) });
  },
  diff: (args, state, task) => planCopy(args, state, task),
  apply: applyCopy,
  output: (args, { to }) => ({
    ...(to.now.kind === 'file' ? putOutput(to.path, to.now) : { dest: to.path, path: to.path }),
    ...(args.src === undefined ? {} : { src: args.src }),
  }),
  foreseen: (wanted) => wanted.put.result,
};

function sourceOf(args: CopyArgs, task: TaskContext): Ask<CopySource> {
  const { src, from_host: from } = args;
  if (src === undefined) return nothing<CopySource>({ kind: 'text' });
  if (from !== undefined) {
    const target: Target = from === task.host ? { kind: 'host' } : { kind: 'other', host: from };
    return map(on(target, file(src, { content: 'hash', links: 'follow' })), (state) => ({
      kind: 'host',
      target,
      state,
    }));
  }
  const paths = candidates(src, 'files', task);
  return map(controllerFile(paths, maxDiffBytes), (found) => ({ kind: 'controller', found }));
}
