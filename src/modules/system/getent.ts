import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import type { Value } from '../../core/value.ts';
import { question } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `getent`. */
export interface GetentArgs {
  readonly database: string;
  readonly key?: string;
  readonly service?: string;
  readonly split?: string;
  readonly fail_key?: boolean;
}

/** What getent(1) answers. */
export interface GetentState {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

const secret = ['shadow', 'gshadow'];
const byColon = ['passwd', 'group', ...secret];

/** Entries of the name service. */
export const getent: Module<GetentArgs, GetentState> = {
  name: 'getent',
  summary: 'Looks up users, groups, hosts and the like, as programs on the host do.',
  notes: [
    'The result becomes the fact `getent_DATABASE`: a mapping of the first field to the others. A name with several entries has a list of them.',
    'Hashes of passwords (shadow, gshadow) are secrets.',
  ],
  args: {
    type: 'object',
    properties: {
      database: {
        type: 'string',
        pattern: '^[a-z][a-z0-9_-]*$',
        description: 'Database, such as passwd, group, hosts, services, shadow.',
      },
      key: { type: 'string', description: 'The entry. Absent: all of them.' },
      service: { type: 'string', pattern: '^\\S+$', description: 'Source to ask alone, such as files.' },
      split: {
        type: 'string',
        minLength: 1,
        description:
          'What separates the fields. Absent: a colon for passwd, group, shadow and gshadow, else blanks.',
      },
      fail_key: { type: 'boolean', default: true, description: 'Fail when there is no such entry.' },
    },
    required: ['database'],
    additionalProperties: false,
  },
  facts: ['getent_*'],
  returns: { ansible_facts: 'getent_DATABASE.' },
  example: `- name: Who is root?
  getent:
    database: passwd
    key: root
`,
  probe: (args) =>
    question({
      key: `getent:${args.database}:${args.service ?? ''}:${args.key ?? '*'}`,
      reads: readsOf(args.database),
      sh: `command -v getent >/dev/null || exit 127
db=$1 key=$2 service=$3
set -- "$db"
[ -z "$key" ] || set -- "$@" "$key"
[ -z "$service" ] || set -- -s "$service" "$@"
getent "$@"`,
      args: [args.database, args.key ?? '', args.service ?? ''],
      parse: ({ exitCode, stdout }) => ({
        exitCode,
        lines: stdout.split('\n').filter((line) => line !== ''),
      }),
    }),
  diff(args, state) {
    if (state.exitCode !== 0 && !(state.exitCode === 2 && args.fail_key === false))
      throw failure(args, state.exitCode);
    return null;
  },
  apply: async () => ({}),
  output: (args, state) => ({ ansible_facts: { [`getent_${args.database}`]: entriesOf(args, state) } }),
};

function readsOf(database: string): readonly string[] {
  switch (database) {
    case 'passwd':
    case 'shadow':
      return ['user:*'];
    case 'group':
    case 'gshadow':
      return ['user:*', 'group:*'];
    case 'hosts':
    case 'ahosts':
      return ['file:/etc/hosts'];
    default:
      return [`file:/etc/${database}`];
  }
}

function entriesOf(args: GetentArgs, { exitCode, lines }: GetentState): Value {
  if (exitCode === 2) return { [args.key ?? '']: null };
  const separator = args.split ?? (byColon.includes(args.database) ? ':' : null);
  const entries = new Map<string, Value[]>();
  for (const line of lines) {
    const [name = '', ...fields] = separator === null ? line.trim().split(/\s+/) : line.split(separator);
    const values = fields.map(
      (field, index): Value =>
        index === 0 && secret.includes(args.database) && field.length > 1
          ? new Secret(field, args.database)
          : field,
    );
    entries.set(name, [...(entries.get(name) ?? []), values]);
  }
  return Object.fromEntries(
    [...entries].map(([name, found]) => [name, found.length === 1 ? (found[0] ?? null) : found]),
  );
}

function failure(args: GetentArgs, exitCode: number): Failure {
  const [message, hint] =
    exitCode === 127
      ? [
          'the host has no getent',
          'Install the package libc-bin, or use `command` with the host’s own tools.',
        ]
      : exitCode === 2
        ? [
            `${args.database} has no entry ${args.key ?? ''}`,
            'Correct the key, or go on without it with `fail_key: false`.',
          ]
        : exitCode === 3
          ? [`${args.database} cannot be listed as a whole`, 'Add `key:`.']
          : [
              `there is no database ${args.database}`,
              'Correct its name; `getent --help` on the host lists them.',
            ];
  return new Failure({
    code: 'HAPB6350',
    message,
    hint,
    argument: exitCode === 2 ? 'key' : 'database',
    output: { rc: exitCode },
  });
}
