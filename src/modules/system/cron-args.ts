import type { ArgSchema, ArgsSchema } from '../module.ts';

/** Arguments of `cron`. */
export interface CronArgs {
  readonly name: string;
  readonly job?: string | number;
  readonly state?: 'present' | 'absent';
  readonly user?: string;
  readonly cron_file?: string;
  readonly backup?: boolean;
  readonly minute?: string | number;
  readonly hour?: string | number;
  readonly day?: string | number;
  readonly month?: string | number;
  readonly weekday?: string | number;
  readonly special_time?: string;
  readonly disabled?: boolean;
  readonly env?: boolean;
  readonly insertafter?: string;
  readonly insertbefore?: string;
}

const field = (description: string, aliases: readonly string[] = []): ArgSchema => ({
  type: ['string', 'integer'],
  pattern: '^\\S+$',
  default: '*',
  description,
  ...(aliases.length === 0 ? {} : { aliases }),
});

/** Their schema. */
export const cronSchema: ArgsSchema = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[^\\n]*$',
      description: 'Name of the job, which finds it again; with `env` the name of a variable.',
    },
    job: {
      type: ['string', 'integer'],
      description:
        'The command, on one line; with `env` the value of the variable. cron takes % for a line break.',
      aliases: ['value'],
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
    user: {
      type: 'string',
      minLength: 1,
      description: "Whose crontab; with cron_file whom the job runs as. Absent: the task's own user.",
    },
    cron_file: {
      type: 'string',
      minLength: 1,
      description:
        'Name of a file in /etc/cron.d, or an absolute path, in place of the crontab of a user. Many crons skip names with other characters than letters, digits, _ and -.',
    },
    backup: {
      type: 'boolean',
      default: false,
      description:
        'Keep the old text: of a file as PATH.HASH~ beside it, of a crontab as /var/tmp/crontab.USER.HASH~.',
    },
    minute: field('Minute: 0-59, *, */5 and so on.'),
    hour: field('Hour: 0-23, *, */2 and so on.'),
    day: field('Day of the month: 1-31, * and so on.', ['dom']),
    month: field('Month: 1-12, JAN-DEC, * and so on.'),
    weekday: field('Day of the week: 0-6 from Sunday on, SUN-SAT, * and so on.', ['dow']),
    special_time: {
      enum: ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'],
      description: 'A name in place of the five fields.',
    },
    disabled: { type: 'boolean', default: false, description: 'Write the job as a comment.' },
    env: { type: 'boolean', default: false, description: 'It is about a variable, not a job.' },
    insertafter: { type: 'string', description: 'With env: the variable after which a new one goes.' },
    insertbefore: { type: 'string', description: 'With env: the variable before which a new one goes.' },
  },
  required: ['name'],
  not: { required: ['insertafter', 'insertbefore'] },
  additionalProperties: false,
};
