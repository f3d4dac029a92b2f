import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { isVaultText } from '../../vault/envelope.ts';
import { all } from '../ask.ts';
import { candidates } from '../asks/controller-file.ts';
import { md5OfContent, sha1OfContent } from '../asks/file-state.ts';
import type { Module, TaskContext } from '../module.ts';
import { chosen, type Fragment, type Fragments, fragments, joinedFragments } from './assemble-fragments.ts';
import { decrypted } from './controller-content.ts';
import { applyPut, type PutArgs, type PutChange, planPut, putReturns } from './copy-plan.ts';
import { type Destination, destination } from './destination.ts';
import { backupArgument, changedPath, permissionArguments, validateArgument } from './file-arguments.ts';
import { maxDiffBytes } from './file-change.ts';
import { putOutput } from './file-output.ts';
import { refusedFileArguments } from './refused-argument.ts';

/** Arguments of `assemble`. */
export interface AssembleArgs extends PutArgs {
  readonly src: string;
  readonly remote_src?: boolean;
  readonly delimiter?: string;
  readonly regexp?: string;
  readonly ignore_hidden?: boolean;
  readonly decrypt?: boolean;
}

/** What `assemble` asks. */
export interface AssembleState {
  readonly from: Fragments;
  readonly to: Destination;
}

/** One file of the files in a folder. */
export const assemble: Module<AssembleArgs, AssembleState, PutChange> = {
  name: 'assemble',
  summary: 'Puts the files of a folder together into one, in the order of their names.',
  notes: [
    'Only files right in the folder count. Where one does not end with a newline it gets one; the delimiter comes between two, on a line of its own.',
    'The files may hold 16 MiB together. In check mode the result is unknown when an earlier task would change something in the folder.',
  ],
  args: {
    type: 'object',
    properties: {
      src: {
        type: 'string',
        hostPath: 'remote',
        relative: 'allowed',
        minLength: 1,
        description:
          'The folder: a path of the host, or with `remote_src: false` one of the controller, looked for in `files/` as for `copy_file`.',
      },
      dest: changedPath('The file to make.'),
      remote_src: { type: 'boolean', default: true, description: 'false: the folder is on the controller.' },
      delimiter: {
        type: 'string',
        description: 'What comes between two files. \\n, \\t and \\\\ mean what they mean in Python.',
      },
      regexp: { type: 'string', description: 'Only files in whose name this pattern is found.' },
      ignore_hidden: {
        type: 'boolean',
        default: false,
        description: 'Leave files out whose names begin with a dot.',
      },
      decrypt: {
        type: 'boolean',
        default: true,
        description:
          'false: files of the controller that are encrypted with the vault are taken as they are.',
      },
      backup: backupArgument,
      validate: validateArgument,
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['src', 'dest'],
    additionalProperties: false,
  },
  optional: ['backup_file', 'md5sum'],
  returns: { ...putReturns, src: 'The folder.', msg: 'Always OK.' },
  example: `- name: One file of all keys
  assemble:
    src: /etc/ssh/keys.d
    dest: /root/.ssh/authorized_keys
    mode: '0600'
`,
  probe: (args, task) =>
    all({
      from:
        args.remote_src === false
          ? fragments(candidates(args.src.replace(/(?<=.)\/+$/, ''), 'files', task), { kind: 'controller' })
          : fragments([args.src], { kind: 'host' }),
      to: destination(args.dest, {
        content: 'text',
        maxContentBytes: maxDiffBytes,
        name: null,
        owners: args,
      }),
    }),
  diff(args, { from, to }, task) {
    const files = chosen(filesOf(args, from), {
      regexp: args.regexp,
      hidden: args.ignore_hidden === true ? 'left' : 'taken',
    });
    const plain = files.map((file) => opened(file, args, task));
    const content = joinedFragments(plain, unescaped(args.delimiter ?? ''));
    const change = planPut(args, content, to);
    if (change === null) return null;
    return {
      ...change,
      result: { ...change.result, src: args.src, msg: 'OK', checksum: sha1OfContent(content) },
    };
  },
  apply: (wanted, host) => applyPut(wanted, host),
  output: (args, { to }): Output => ({
    ...(to.now.kind === 'file' ? putOutput(to.path, to.now, to) : { dest: to.path, path: to.path }),
    ...(to.now.kind === 'file' && to.now.content !== null ? { md5sum: md5OfContent(to.now.content) } : {}),
    src: args.src,
    msg: 'OK',
  }),
  foreseen: (wanted) => wanted.result,
};

function filesOf(args: AssembleArgs, from: Fragments): readonly Fragment[] {
  const where = args.remote_src === false ? 'the controller' : 'the host';
  switch (from.kind) {
    case 'folder':
      return from.files;
    case 'absent':
      throw new Failure({
        code: 'HAPB6030',
        message: `src ${args.src} does not exist on ${where}`,
        hint: 'Correct `src`, or say with `remote_src` on which side it is.',
        argument: 'src',
      });
    case 'other':
      throw new Failure({
        code: 'HAPB6031',
        message: `src ${args.src} on ${where} is no folder`,
        hint: 'Name the folder that holds the files.',
        argument: 'src',
      });
    case 'too-long':
      throw new Failure({
        code: 'HAPB6033',
        message: `the files in ${args.src} hold more than 16 MiB together`,
        hint: 'Let a `shell` task put them together.',
        argument: 'src',
      });
  }
}

function opened(file: Fragment, args: AssembleArgs, task: TaskContext): Fragment {
  const { name, content } = file;
  if (args.remote_src !== false || args.decrypt === false) return file;
  if (typeof content !== 'string' || !isVaultText(content)) return file;
  const source = {
    kind: 'file',
    path: `${args.src}/${name}`,
    mode: '0600',
    sizeBytes: content.length,
    sha256: '',
    content,
    encrypted: true,
  } as const;
  return { name, content: decrypted(source, { argument: 'src' }, task) };
}

const signs: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** A text with the escapes of Python's strings resolved. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([ntr\\'"]))/g, (whole, hex?: string, sign?: string) =>
    hex === undefined ? (signs[sign ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
