import type { Output } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `include_role`. */
export interface IncludeRoleArgs {
  readonly name: string;
  readonly tasks_from?: string;
  readonly vars_from?: string;
  readonly defaults_from?: string;
  readonly handlers_from?: string;
}

const file = (kind: string): { readonly type: 'string'; readonly description: string } => ({
  type: 'string',
  description: `File of the role’s \`${kind}\` to use instead of \`main\`.`,
});

/** Names the role that the plan then reads. */
export const includeRole: Module<IncludeRoleArgs, null> = {
  name: 'include_role',
  summary: 'Runs the tasks of a role, chosen when a host comes to it.',
  notes: [
    'A role without variables in its name is read before anything connects; one with variables when a host comes to it.',
    'Its keywords (`when`, `tags`, …) decide about the include alone; `vars` are seen by the tasks of the role. With a loop the role runs once for each item.',
    'Handlers of the role belong to the play from then on. More: [tasks in other files](../includes.md).',
  ],
  args: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, aliases: ['role'], description: 'The role, or a path to it.' },
      tasks_from: file('tasks'),
      vars_from: file('vars'),
      defaults_from: file('defaults'),
      handlers_from: file('handlers'),
      apply: {
        type: 'object',
        description: 'Keywords that each task of the role gets: `tags`, `become`, `when`, …',
      },
      public: {
        type: 'boolean',
        default: false,
        description: 'Whether the tasks behind it see the role’s variables.',
      },
      allow_duplicates: {
        type: 'boolean',
        default: true,
        description: 'Whether the role runs on a host that has run it already.',
      },
      rolespec_validate: {
        type: 'boolean',
        default: true,
        description: 'Whether the role’s argument specification is checked.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: { include_args: 'The role and the files that were named.' },
  example: `- name: Include a role
  include_role:
    name: motd
    tasks_from: remove
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output({ name, tasks_from, vars_from, defaults_from, handlers_from }): Output {
    const from = { tasks_from, vars_from, defaults_from, handlers_from };
    const given = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { include_args: { name, ...Object.fromEntries(given) } };
  },
};
