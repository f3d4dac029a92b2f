import { dirname, resolve } from 'node:path';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { sha256Of } from '../../core/text-measure.ts';
import type { Output } from '../../core/value.ts';
import { all, on } from '../ask.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import type { Module, TaskContext } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
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
}

/** A file to bring to the controller. */
export interface FetchChange extends Change {
  readonly src: string;
  readonly dest: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly result: Output;
}

/** A file from the host to the controller. */
export const fetchModule: Module<FetchArgs, FetchState, FetchChange> = {
  name: 'fetch',
  summary: 'Copies a file from the host to the controller.',
  notes: [
    'Without `flat` it lands in DEST/HOST/SRC, so that the files of several hosts do not overwrite each other. New files get mode 0600.',
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
      fail_on_missing: { type: 'boolean', default: true, description: 'Fail when there is no such file.' },
    },
    required: ['src', 'dest'],
    additionalProperties: false,
  },
  returns: { dest: 'Path on the controller.', sha256: 'SHA-256 of the content.', file: 'Path on the host.' },
  example: `- name: Keep a copy of the admin kubeconfig
  fetch:
    src: /etc/kubernetes/admin.conf
    dest: fetched/
`,
  probe: (args, task) =>
    all({
      source: file(args.src, { content: 'hash', links: 'follow' }),
      here: on({ kind: 'controller' }, file(pathHere(args, task), { content: 'hash' })),
    }),
  diff(args, { source, here }, task) {
    const dest = pathHere(args, task);
    if (source.kind === 'absent' && args.fail_on_missing === false) return null;
    if (source.kind !== 'file') {
      throw new Failure({
        code: 'HAPB6140',
        message:
          source.kind === 'absent'
            ? `${args.src} does not exist`
            : `${args.src} is a ${source.kind}, not a file`,
        hint: 'Correct `src`, or add `fail_on_missing: false`.',
        argument: 'src',
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
      effects: [],
      forecast: known,
      src: args.src,
      dest,
      sha256,
      sizeBytes: source.sizeBytes ?? 0,
      result: { dest, file: args.src, sha256 },
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
    await here.write({ path: wanted.dest, content, mode: '0600', owner: null, group: null });
    return wanted.result;
  },
  output: (args, { source }, task) => ({
    dest: pathHere(args, task),
    file: args.src,
    ...(source.kind === 'file' && source.sha256 !== null ? { sha256: source.sha256 } : {}),
  }),
  foreseen: (wanted) => wanted.result,
};

function pathHere(args: FetchArgs, task: TaskContext): string {
  const name = args.src.split('/').at(-1) ?? args.src;
  if (args.flat !== true) return resolve(args.dest, task.host, `.${args.src}`);
  return resolve(args.dest.endsWith('/') ? `${args.dest}${name}` : args.dest);
}
