import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** What `meta` can do. */
export const metaActions = [
  'flush_handlers',
  'end_host',
  'end_role',
  'end_batch',
  'end_play',
  'clear_facts',
  'clear_host_errors',
  'refresh_inventory',
  'reset_connection',
  'noop',
] as const;

/** One of them. */
export type MetaAction = (typeof metaActions)[number];

/** Arguments of `meta`. */
export interface MetaArgs {
  readonly action: MetaAction;
}

const messages: Readonly<Record<MetaAction, string>> = {
  flush_handlers: 'notified handlers run now',
  end_host: 'the play ends here for this host',
  end_role: 'the role ends here for this host',
  end_batch: 'the batch ends here',
  end_play: 'the play ends here',
  clear_facts: 'facts are forgotten',
  clear_host_errors: 'failed hosts take part again from the next play on',
  refresh_inventory: 'the inventory is read again',
  reset_connection: 'the connection is made anew',
  noop: 'nothing',
};

/** Steers the run itself. */
export const meta: Module<MetaArgs, null> = {
  name: 'meta',
  summary: 'Steers the run: runs handlers now, ends plays, forgets facts or errors.',
  notes: [
    '`flush_handlers` runs notified handlers now. `end_host` ends the play for the host, `end_role` the role, `end_batch` and `end_play` the batch and the play for all hosts; none of them is a failure.',
    '`clear_facts` forgets gathered facts of all hosts of the play. `clear_host_errors` lets hosts that failed or were unreachable take part again from the next play on.',
    '`reset_connection` connects anew, so that a changed login (groups of the user, say) counts. `refresh_inventory` reads the inventory again.',
    'What concerns all hosts is decided in a `linear` play by the `when` of the first host.',
  ],
  args: {
    type: 'object',
    properties: { action: { type: 'string', enum: metaActions, description: 'What to do.' } },
    required: ['action'],
    additionalProperties: false,
  },
  freeForm: 'action',
  returns: { msg: 'What was done.' },
  example: `- name: Run handlers that were notified so far
  meta: flush_handlers
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output: ({ action }) => ({ msg: messages[action] }),
};
