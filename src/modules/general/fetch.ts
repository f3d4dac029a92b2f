import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { sha256Of } from '../../core/text-measure.ts';
import type { Output } from '../../core/value.ts';
import { all, on } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, md5OfContent, unforeseenFile } from '../asks/file-state.ts';
import { controller } from '../host/destination.ts';
import type { Module, TaskContext } from '../module.ts';
import { digestOfFile } from './checksum.ts';
import { pathArgument } from './file-arguments.ts';
import { onlyFlag } from './refused-argument.ts';
import { step } from './steps.ts';

/** Arguments of `fetch`. */
export interface FetchArgs {
  readonly src: string;
  readonly dest: string;
  readonly flat?: boolean;
  readonly fail_on_missing?: boolean;
}

/** What `fetch` asks. */
export interface FetchState {
  readonly source: FileState;
  readonly here: FileState;
  /** MD5 of what is here; `null`: nothing, or it may not be worked out. */
  readonly md5: string | null;
}

/** A file to bring to the controller. */
export interface FetchChange extends Change {
  readonly src: string;
  readonly dest: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** `null`: as it is, or what the umask leaves. */
  readonly mode: string | null;
  readonly result: Output;
}

/** A file from the host to the controller. */
export const fetchModule: Module<FetchArgs, FetchState, FetchChange> = {
  name: 'fetch',
  summary: 'Copies a file from the host to the controller.',
  notes: [
    'Without `flat` it lands in DEST/HOST/SRC, so that the files of several hosts do not overwrite each other. A relative `dest` is below the playbook’s folder.',
    'A file that only its owner may read on the host gets mode 0600 here; others get what the umask leaves, as in Ansible.',
  ],
  args: {
    type: 'object',
    properties: {
      src: pathArgument('The file on the host.'),
      dest: {
        type: 'string',
        minLength: 1,
        description: 'Folder on the controller; with flat the file, or with a slash at its end a folder.',
      },
      flat: { type: 'boolean', default: false, description: 'Put it right at dest.' },
      validate_checksum: onlyFlag(
        'true',
        'What was fetched is always compared with what was asked about; leave it out.',
      ),
      fail_on_missing: { type: 'boolean', default: true, description: 'Fail when there is no such file.' },
    },
    required: ['src', 'dest'],
    additionalProperties: false,
  },
  returns: {
    dest: 'Path on the controller.',
    file: 'Path on the host.',
    checksum: 'SHA-1 of the content.',
    remote_checksum: 'The same, where it was fetched.',
    md5sum: 'MD5 of the content.',
    remote_md5sum: 'Always null, as with Ansible; where it was fetched.',
    sha256: 'SHA-256 of the content.',
    msg: 'Why nothing was fetched, where there is no such file.',
  },
  example: `- name: Keep a copy of the admin kubeconfig
  fetch:
    src: /etc/kubernetes/admin.conf
    dest: fetched/
`,
  probe: (args, task) =>
    all({
      source: file(args.src, { content: 'hash', links: 'follow' }),
      here: on({ kind: 'controller' }, file(pathHere(args, task), { content: 'hash' })),
      md5: on({ kind: 'controller' }, digestOfFile(pathHere(args, task), 'md5')),
    }),
  diff(args, { source, here }, task) {
    const dest = pathHere(args, task);
    if (source.kind !== 'file' && args.fail_on_missing === false) return null;
    if (source.kind !== 'file') {
      throw new Failure({
        code: 'HAPB6140',
        message:
          source.kind === 'absent'
            ? `${args.src} does not exist`
            : `${args.src} is a ${source.kind}, not a file`,
        hint: 'Correct `src`, or add `fail_on_missing: false`.',
        argument: 'src',
        output: { file: args.src, msg: whyNot(source) },
      });
    }
    if (here.kind === 'directory') {
      throw new Failure({
        code: 'HAPB6032',
        message: `${dest} is a folder of the controller, so no file can be put there`,
        hint: 'Write a slash behind `dest` to have the file put into it.',
        argument: 'dest',
      });
    }
    const sha256 = source.sha256 ?? '';
    if (here.kind === 'file' && here.sha256 === sha256) return null;
    const line = (state: FileState): string | null =>
      state.kind === 'file'
        ? `size: ${state.sizeBytes ?? 'unknown'} bytes\nsha256: ${state.sha256 ?? ''}\n`
        : null;
    return {
      summary: `fetch ${args.src} to ${dest}`,
      edits: [{ subject: dest, before: line(here), after: line(source) }],
      effects: [{ ...unforeseenFile(dest, `it is fetched from ${task.host}`), host: controller }],
      forecast: known,
      src: args.src,
      dest,
      sha256,
      sizeBytes: source.sizeBytes ?? 0,
      // What only its owner may read on the host stays so here; else the user's umask decides, as it does in Ansible.
      mode: (Number.parseInt(source.mode, 8) & 0o077) === 0 ? '0600' : null,
      result: {
        dest,
        file: args.src,
        ...sumsOf(source),
        ...(source.sha1 == null ? {} : { remote_checksum: source.sha1 }),
        remote_md5sum: null,
      },
    };
  },
  async apply(wanted, host) {
    const maxContentBytes = wanted.sizeBytes;
    const found = await host.ask(file(wanted.src, { content: 'text', links: 'follow', maxContentBytes }));
    const content = found.kind === 'file' ? found.content : null;
    if (content === null || sha256Of(content) !== wanted.sha256) {
      const hint = 'Run the playbook again; something else writes to the file.';
      throw new Failure({
        code: 'HAPB6034',
        message: `${wanted.src} changed while it was being copied`,
        hint,
        argument: 'src',
      });
    }
    const here = host.at({ kind: 'controller' });
    const problem = {
      code: 'HAPB6003',
      message: `cannot make the folder of ${wanted.dest}`,
      hint: 'Read the output below.',
    } as const;
    await step(here, { sh: 'mkdir -p "$1"', args: [dirname(wanted.dest)] }, problem);
    await here.write({ path: wanted.dest, content, mode: wanted.mode, owner: null, group: null });
    return { ...wanted.result, md5sum: md5OfContent(content) };
  },
  output: (args, { source, md5 }, task) => {
    if (source.kind !== 'file') return { file: args.src, msg: `${whyNot(source)}, ignored` };
    return { dest: pathHere(args, task), file: args.src, ...sumsOf(source), md5sum: md5 };
  },
  foreseen: (wanted) => wanted.result,
};

function sumsOf(source: FileState): Output {
  if (source.kind !== 'file') return {};
  const { sha1, sha256 } = source;
  return { ...(sha1 == null ? {} : { checksum: sha1 }), ...(sha256 === null ? {} : { sha256 }) };
}

function whyNot(source: FileState): string {
  return source.kind === 'directory'
    ? 'remote file is a directory, fetch cannot work on directories'
    : 'the remote file does not exist, not transferring';
}

/** Relative ones are below the playbook's folder, the last of the search path. */
function pathHere(args: FetchArgs, task: TaskContext): string {
  const name = args.src.split('/').at(-1) ?? args.src;
  const base = task.searchPath.at(-1) ?? '.';
  const dest = args.dest.replace(/^~(?=\/|$)/, homedir());
  if (args.flat !== true) return resolve(base, dest, task.host, `.${args.src}`);
  return resolve(base, dest.endsWith('/') ? `${dest}${name}` : dest);
}
