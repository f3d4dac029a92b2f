import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `include_tasks`. */
export interface IncludeTasksArgs {
  readonly file: string;
}

/** Names the file that the plan then reads. */
export const includeTasks: Module<IncludeTasksArgs, null> = {
  name: 'include_tasks',
  summary: 'Runs the tasks of a file, chosen when a host comes to it.',
  notes: [
    'A name without variables is read before anything connects; one with variables when a host comes to it.',
    'Its keywords (`when`, `tags`, …) decide about the include alone; `vars` are seen by the tasks of the file. With a loop the file runs once for each item.',
    'More: [tasks in other files](../includes.md).',
  ],
  args: {
    type: 'object',
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description:
          'The file: beside the one that asks for it, in the role’s tasks, or beside the playbook.',
      },
      apply: {
        type: 'object',
        description: 'Keywords that each task of the file gets: `tags`, `become`, `when`, …',
      },
    },
    required: ['file'],
    additionalProperties: false,
  },
  freeForm: 'file',
  returns: { include: 'The file as it was named.', include_args: 'Empty.' },
  example: `- name: Include the tasks of each service
  include_tasks: tasks/motd.yml
  loop: [web, db]
  loop_control: {loop_var: service}
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output: ({ file }) => ({ include: file, include_args: {} }),
};
