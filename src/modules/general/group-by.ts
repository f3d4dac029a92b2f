import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `group_by`. */
export interface GroupByArgs {
  readonly key: string;
  readonly parents: string | readonly string[];
}

/** Puts the host into a group of the run's inventory. */
export const groupBy: Module<GroupByArgs, null> = {
  name: 'group_by',
  summary: 'Puts the host into a group for the rest of the run, one that is made of facts, say.',
  notes: [
    'Later plays can name the group, and `groups` and `group_names` know it at once. Variables in `group_vars` for it count from then on.',
    'Blanks in names become dashes. Nothing but the run’s own inventory changes, so it acts in check mode too. `meta: refresh_inventory` keeps the groups.',
  ],
  args: {
    type: 'object',
    properties: {
      key: { type: 'string', description: 'Name of the group.' },
      parents: {
        type: ['string', 'array'],
        items: { type: 'string' },
        default: 'all',
        description: 'Groups that contain it: a name or a list of names. New ones are made.',
      },
    },
    required: ['key'],
    additionalProperties: false,
  },
  traits: ['inventory'],
  returns: { add_group: 'The group’s name.', parent_groups: 'Groups that contain it.' },
  example: `- name: A group for each system, such as os_Debian
  group_by:
    key: os_{{ ansible_distribution }}
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output: ({ key, parents }) => ({
    add_group: withDashes(key),
    parent_groups: (typeof parents === 'string' ? [parents] : parents).map(withDashes),
  }),
};

function withDashes(name: string): string {
  return name.replaceAll(' ', '-');
}
