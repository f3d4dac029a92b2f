import { randomBytes } from 'node:crypto';
import { type Change, known } from '../../core/change.ts';
import { all, nothing } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { file } from '../asks/file.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
import { pathOutput } from './file-output.ts';
import { step } from './steps.ts';

/** Arguments of `tempfile`. */
export interface TempfileArgs {
  readonly state?: 'file' | 'directory';
  readonly path?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** A temporary file or folder to make. */
export interface TempfileChange extends Change {
  readonly args: TempfileArgs;
}

// mktemp of busybox knows no suffix, so the name comes with the request; making it fails where it is taken.
const script = `
d=\${1:-\${TMPDIR:-/tmp}} name=$2
[ -d "$d" ] || { echo "the folder $d does not exist" >&2; exit 1; }
umask 077
if [ "$3" = directory ]; then mkdir "$d/$name" || exit; else (set -C; : >"$d/$name") || exit; fi
printf '%s' "$d/$name"
`;

/** A temporary file or folder. */
export const tempfile: Module<TempfileArgs, null, TempfileChange> = {
  name: 'tempfile',
  summary: 'Makes a temporary file or folder with a name of its own on the host.',
  notes: [
    'Every run makes a new one, which only the task’s user may read. Nothing removes it; do that with `file: {path: …, state: absent}`, best in `always`.',
    'In check mode the path is unknown, and so is what hangs on it.',
  ],
  args: {
    type: 'object',
    properties: {
      state: { enum: ['file', 'directory'], default: 'file', description: 'What to make.' },
      path: pathArgument('The folder to make it in. Absent: the user’s $TMPDIR, else /tmp.'),
      prefix: {
        type: 'string',
        pattern: '^[^/]*$',
        default: 'ansible.',
        description: 'Beginning of its name.',
      },
      suffix: { type: 'string', pattern: '^[^/]*$', default: '', description: 'End of its name.' },
    },
    additionalProperties: false,
  },
  returns: {
    path: 'The path.',
    state: 'file or directory.',
    mode: 'Octal permissions.',
    owner: 'Owner.',
    group: 'Group.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    size: 'Size in bytes of a file.',
  },
  example: `- name: A folder to build in
  tempfile:
    state: directory
    suffix: build
  register: build
`,
  probe: () => nothing(null),
  diff: (args) => ({
    summary: `make a temporary ${args.state ?? 'file'} in ${args.path ?? 'the temporary folder'}`,
    edits: [],
    effects: [],
    forecast: known,
    args,
  }),
  async apply({ args }, host) {
    const name = `${args.prefix ?? 'ansible.'}${randomBytes(6).toString('hex')}${args.suffix ?? ''}`;
    const reply = await step(
      host,
      { sh: script, args: [args.path ?? '', name, args.state ?? 'file'] },
      {
        code: 'HAPB6003',
        message: `cannot make a temporary ${args.state ?? 'file'}`,
        hint: 'Read the output below; the folder must exist, and the user must be allowed to write to it.',
      },
    );
    const path = reply.stdout;
    const made = await host.ask(all({ now: file(path, { content: 'none' }), who: identity() }));
    const { dest: _, ...result } = pathOutput(path, made.now, made);
    return result;
  },
};
