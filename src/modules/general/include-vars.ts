import { join, resolve } from 'node:path';
import type { Output, Value } from '../../core/value.ts';
import { unlessChanged } from '../ask.ts';
import type { Module } from '../module.ts';
import { filePlaces } from './vars-places.ts';

/** Arguments of `include_vars`. */
export type IncludeVarsArgs = Readonly<Record<string, Value>>;

const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

/** Names the files that the plan then reads. */
export const includeVars: Module<IncludeVarsArgs, null> = {
  name: 'include_vars',
  summary: 'Reads variables from files, chosen when a host comes to it.',
  notes: [
    'The variables count for the host for the rest of the run. They win over those of plays, roles, blocks and tasks, not over `set_fact`.',
    'Their texts may hold expressions, which are evaluated where the variables are used.',
    'A file is looked up in `vars` of the role, beside the task, in `vars` beside the playbook. A folder lies in `vars` of the role, or beside the task.',
    'Its files are read in the order of their names, those of inner folders later; a later one wins.',
  ],
  args: {
    type: 'object',
    properties: {
      file: { type: 'string', description: 'File to read, YAML or JSON.' },
      dir: { type: 'string', description: 'Folder of which all files are read, with its inner folders.' },
      name: { type: 'string', description: 'Variable that gets all of it as a map.' },
      depth: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'How deep to go into the folder; 0: to the end, 1: not into inner folders.',
      },
      files_matching: {
        type: 'string',
        description: 'Regular expression that names of files in the folder must match somewhere.',
      },
      ignore_files: texts('Regular expressions for the ends of names of files that are left out.'),
      extensions: {
        ...texts('Endings that files of the folder must have; others are an error.'),
        default: ['yaml', 'yml', 'json'],
      },
      ignore_unknown_extensions: {
        type: 'boolean',
        default: false,
        description: 'Leave files with other endings out instead.',
      },
      hash_behaviour: {
        enum: ['replace'],
        default: 'replace',
        description: 'A map replaces the one that was there; merging is `combine`.',
      },
    },
    oneOf: [{ required: ['file'] }, { required: ['dir'] }],
    additionalProperties: false,
  },
  freeForm: 'file',
  returns: {
    ansible_included_var_files: 'The files that were read.',
    ansible_facts: 'The variables, in what `register` keeps.',
  },
  example: `- name: Variables of this system
  include_vars: vars/web.yml
`,
  probe: (args, { searchPath }) =>
    unlessChanged(changing(args, searchPath), 'what is read', { kind: 'controller' }),
  diff: () => null,
  apply: async () => ({}),
  output: (args): Output => ({ include_args: args }),
};

/** What the variables depend on. */
function changing({ file, dir }: IncludeVarsArgs, folders: readonly string[]): readonly string[] {
  const [nearest = '.'] = folders;
  const paths =
    typeof file === 'string'
      ? filePlaces(file.trimEnd(), folders)
      : [nearest, join(nearest, 'vars')].map((folder) => resolve(folder, typeof dir === 'string' ? dir : ''));
  return paths.flatMap((path) => [
    `file:${resolve(path)}`,
    ...(file === undefined ? [`file:${path}/*`] : []),
  ]);
}
