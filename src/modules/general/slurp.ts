import { Failure } from '../../core/failure.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';

/** Arguments of `slurp`. */
export interface SlurpArgs {
  readonly src: string;
}

const maxSlurpBytes = 16_777_216;

/** A file's content as a variable. */
export const slurp: Module<SlurpArgs, FileState> = {
  name: 'slurp',
  summary: 'Reads a file of the host into a variable, as base64.',
  notes: [
    'Files of up to 16 MiB. Whoever shows the variable shows the file; add `no_log: true` for secrets.',
  ],
  args: {
    type: 'object',
    properties: { src: pathArgument('The file.', ['path']) },
    required: ['src'],
    additionalProperties: false,
  },
  returns: { content: 'The content, base64.', encoding: 'Always base64.', source: 'The path.' },
  example: `- name: Read the cluster's CA
  slurp:
    src: /etc/kubernetes/pki/ca.crt
  register: ca
`,
  probe: (args) => file(args.src, { content: 'text', links: 'follow', maxContentBytes: maxSlurpBytes }),
  diff(args, state) {
    if (state.kind === 'file' && state.content !== null) return null;
    throw new Failure({
      code: 'HAPB6140',
      message:
        state.kind === 'absent'
          ? `${args.src} does not exist`
          : state.kind === 'file'
            ? `${args.src} is longer than 16 MiB`
            : `${args.src} is a ${state.kind}, not a file`,
      hint: 'Correct `src`; `fetch` copies long files to the controller.',
      argument: 'src',
    });
  },
  apply: async () => ({}),
  output(args, state) {
    const content = state.kind === 'file' ? state.content : null;
    const bytes =
      typeof content === 'string'
        ? Buffer.from(content, 'utf8')
        : content instanceof Uint8Array
          ? Buffer.from(content)
          : null;
    return { content: bytes?.toString('base64') ?? '', encoding: 'base64', source: args.src };
  },
};
