import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { sha256Of } from '../../core/text-measure.ts';
import type { Output, Value } from '../../core/value.ts';
import { type Ask, question } from '../ask.ts';
import { step } from '../general/steps.ts';
import type { Module } from '../module.ts';

/** Arguments of `debconf`. */
export interface DebconfArgs {
  readonly name: string;
  readonly question?: string;
  readonly vtype?: string;
  readonly value?: Text | boolean | number | readonly string[];
  readonly unseen?: boolean;
}

/** Answers that a package has, by question; `no-debconf`: the host has none. */
export type DebconfState =
  | 'no-debconf'
  | { readonly answers: Readonly<Record<string, string>>; readonly password: string | null };

/** An answer to give. */
export interface DebconfChange extends Change {
  readonly args: DebconfArgs;
  readonly question: string;
  readonly value: Text;
  readonly result: Output;
}

/** Answers for packages that ask when they are installed. */
export const debconf: Module<DebconfArgs, DebconfState, DebconfChange> = {
  name: 'debconf',
  summary: 'Answers the questions of Debian packages before they are asked.',
  notes: [
    'Without `question` it only returns what is answered already, in `current`.',
    'A value may be a secret: it is sent on stdin. Passwords are compared in root’s own file, so `become: true` is needed.',
    'An answer changes nothing in a package that is installed: run `dpkg-reconfigure -f noninteractive NAME` in a handler.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9+.-]*$',
        description: 'The package.',
        aliases: ['pkg'],
      },
      question: {
        type: 'string',
        pattern: '^\\S+$',
        description: 'The question, such as tzdata/Zones/Europe.',
        aliases: ['selection', 'setting'],
      },
      vtype: {
        enum: [
          'boolean',
          'error',
          'multiselect',
          'note',
          'password',
          'seen',
          'select',
          'string',
          'text',
          'title',
        ],
        description: 'Type of the answer.',
      },
      value: {
        type: ['string', 'boolean', 'number', 'array'],
        items: { type: 'string' },
        secret: 'allowed',
        description: 'The answer; a list for multiselect.',
        aliases: ['answer'],
      },
      unseen: {
        type: 'boolean',
        default: false,
        description: 'Ask nevertheless, with this answer as default.',
      },
    },
    required: ['name'],
    dependentRequired: { question: ['vtype', 'value'], vtype: ['question'], value: ['question'] },
    additionalProperties: false,
  },
  returns: {
    current: 'The answers afterwards, by question.',
    previous: 'The answer before, by question; only when it was changed.',
    msg: 'Empty.',
  },
  example: `- name: Ask nobody about services to restart
  debconf:
    name: libc6
    question: libraries/restart-without-asking
    vtype: boolean
    value: true
`,
  probe: askDebconf,
  diff: plan,
  async apply(wanted, host) {
    const { args, question: asked, value } = wanted;
    const sh = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
package=$1 question=$2 type=$3 flag=$4
value=$(cat)
printf '%s %s %s %s\\n' "$package" "$question" "$type" "$value" | debconf-set-selections $flag`;
    const problem = {
      code: 'HAPB6361',
      message: `debconf does not take the answer to ${asked}`,
      hint: 'Add `become: true`. If another package manager has the database, wait for it.',
    } as const;
    const words = [args.name, asked, args.vtype ?? 'string', args.unseen === true ? '-u' : ''];
    await step(host, { sh, args: words, stdin: value }, problem);
    return wanted.result;
  },
  output: (_args, state) => ({ current: state === 'no-debconf' ? {} : state.answers, msg: '' }),
  foreseen: (wanted) => wanted.result,
};

// debconf-show leaves passwords out; they stand in a file of their own, each in a block of lines.
const script = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
command -v debconf-show >/dev/null || { echo @no-debconf; exit 0; }
LC_ALL=C debconf-show "$1"
[ "$2" = password ] && [ -r /var/cache/debconf/passwords.dat ] || exit 0
inside=no
while IFS= read -r line; do
  case $line in
    "Name: $3") inside=yes ;;
    'Value: '*) [ $inside = no ] || printf '@password %s\\n' "\${line#Value: }" ;;
    '') inside=no ;;
  esac
done </var/cache/debconf/passwords.dat
exit 0
`;

function askDebconf(args: DebconfArgs): Ask<DebconfState> {
  return question<DebconfState>({
    key: `debconf:${args.name}:${args.vtype === 'password' ? (args.question ?? '') : ''}`,
    reads: [`package:${args.name}`],
    sh: script,
    args: [args.name, args.vtype ?? '', args.question ?? ''],
    parse: (reply) => {
      if (reply.stdout.startsWith('@no-debconf')) return 'no-debconf';
      const lines = reply.stdout.split('\n');
      const password = lines.find((line) => line.startsWith('@password '));
      const answers = lines.flatMap((line) => {
        const [, name = '', value = ''] = /^[* ] (\S+?):(?: (.*))?$/.exec(line) ?? [];
        return name === '' ? [] : [[name, value.trim()] as const];
      });
      return {
        answers: Object.fromEntries(answers),
        password: password === undefined ? null : password.slice('@password '.length),
      };
    },
  });
}

function plan(args: DebconfArgs, state: DebconfState): DebconfChange | null {
  if (state === 'no-debconf') {
    throw new Failure({
      code: 'HAPB6360',
      message: 'the host has no debconf',
      hint: 'It is for Debian and its kin; leave the task out elsewhere, with `when: ansible_os_family == "Debian"`.',
    });
  }
  if (args.question === undefined || args.value === undefined) return null;
  const now = args.vtype === 'password' ? state.password : (state.answers[args.question] ?? null);
  const value = textOf(args.value, args.vtype);
  if (now !== null && same(now, value, args)) return null;
  const shown = (text: Text | null): Text | null =>
    text === null || text instanceof Secret ? text : `${text}\n`;
  const hidden = value instanceof Secret || args.vtype === 'password';
  const before: Value = hidden ? '(hidden)' : (now ?? '');
  return {
    summary: `answer ${args.question} of ${args.name}`,
    edits: [
      {
        subject: `debconf ${args.question}`,
        before: now === null ? null : hidden ? '(hidden)\n' : `${now}\n`,
        after: hidden ? '(hidden, another one)\n' : shown(value),
      },
    ],
    effects: [
      {
        key: `debconf:${args.name}:${args.vtype === 'password' ? args.question : ''}`,
        state: {
          answers: { ...state.answers, [args.question]: value instanceof Secret ? '' : value },
          password: state.password,
        },
      },
    ],
    forecast: known,
    args,
    question: args.question,
    value,
    result: {
      current: { [args.question]: hidden ? '(hidden)' : value },
      previous: { [args.question]: before },
      msg: '',
    },
  };
}

function textOf(value: NonNullable<DebconfArgs['value']>, vtype: string | undefined): Text {
  if (value instanceof Secret) return value;
  if (Array.isArray(value)) return value.join(', ');
  const text = String(value);
  return vtype === 'boolean' ? text.toLowerCase() : text;
}

function same(now: string, value: Text, args: DebconfArgs): boolean {
  if (value instanceof Secret) return sha256Of(value) === sha256Of(now);
  if (args.vtype === 'boolean') return now.toLowerCase() === value;
  const parts = (text: string): string =>
    text
      .split(',')
      .map((part) => part.trim())
      .sort()
      .join();
  return args.vtype === 'multiselect' && Array.isArray(args.value)
    ? parts(now) === parts(value)
    : now === value;
}
