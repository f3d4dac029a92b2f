import { Failure } from '../../core/failure.ts';
import type { CronArgs } from './cron-args.ts';
import { type VariablePlace, withJob, withoutJob, withoutVariable, withVariable } from './cron-text.ts';

/** The lines of a crontab as they are to be. @throws Failure HAPB6006, HAPB6332 */
export function editCron(args: CronArgs, lines: readonly string[]): readonly string[] {
  check(args);
  const { name } = args;
  if (args.state === 'absent')
    return args.env === true ? withoutVariable(lines, name) : withoutJob(lines, name);
  if (args.job === undefined) throw wrong('cron needs a job', 'Add `job:`, or say `state: absent`.', 'name');
  if (args.env !== true) return withJob(lines, { name, line: jobLine(args, String(args.job)) });
  const edited = withVariable(lines, { name, line: `${name}="${args.job}"` }, placeOf(args));
  if (edited !== null) return edited;
  throw new Failure({
    code: 'HAPB6332',
    message: `the crontab has no variable ${args.insertafter ?? args.insertbefore}`,
    hint: 'Correct the name, or leave it out: new variables go on top.',
    argument: args.insertafter === undefined ? 'insertbefore' : 'insertafter',
  });
}

function placeOf(args: CronArgs): VariablePlace {
  if (args.insertafter !== undefined) return { side: 'after', name: args.insertafter };
  return args.insertbefore === undefined ? 'top' : { side: 'before', name: args.insertbefore };
}

const fields = ['minute', 'hour', 'day', 'month', 'weekday'] as const;

function jobLine(args: CronArgs, job: string): string {
  const times =
    args.special_time === undefined
      ? fields.map((field) => args[field] ?? '*').join(' ')
      : `@${args.special_time}`;
  const user = args.cron_file === undefined ? '' : ` ${args.user}`;
  return `${args.disabled === true ? '#' : ''}${times}${user} ${job.replace(/^[\r\n]+|[\r\n]+$/g, '')}`;
}

function check(args: CronArgs): void {
  if (args.cron_file === '/etc/crontab')
    throw wrong('/etc/crontab is not for cron_file', 'Use `lineinfile` for that file.', 'cron_file');
  if (args.state === 'absent') return;
  if (args.cron_file !== undefined && args.user === undefined)
    throw wrong('cron_file needs a user', 'Add `user:`, whom the job runs as.', 'cron_file');
  const timed = fields.find((field) => (args[field] ?? '*') !== '*');
  for (const field of fields) checkField(field, String(args[field] ?? '*'));
  if (args.special_time !== undefined && timed !== undefined)
    throw wrong(`special_time and ${timed} exclude each other`, 'Take one of them out.', timed);
  if (/[\r\n]/.test(String(args.job ?? '').trim()))
    throw wrong('the job holds more than one line', 'Put it into a script, and call that.', 'job');
  if (args.env !== true && (args.insertafter !== undefined || args.insertbefore !== undefined))
    throw wrong(
      'insertafter and insertbefore are for variables',
      'Add `env: true`, or take them out.',
      args.insertafter === undefined ? 'insertbefore' : 'insertafter',
    );
  if (args.env === true && /\s/.test(args.name))
    throw wrong(`'${args.name}' is no name of a variable`, 'Write it without blanks.', 'name');
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');
const ranges = {
  minute: { from: 0, to: 59, names: [] },
  hour: { from: 0, to: 23, names: [] },
  day: { from: 1, to: 31, names: [] },
  month: { from: 1, to: 12, names: months },
  weekday: { from: 0, to: 7, names: weekdays },
} as const;

/** crontab(5): a file of /etc/cron.d with a field that cron does not understand is passed over without a word. */
function checkField(field: (typeof fields)[number], value: string): void {
  const { from, to, names }: { from: number; to: number; names: readonly string[] } = ranges[field];
  const number = (word: string): number => {
    const index = names.indexOf(word.toLowerCase());
    return index === -1 ? Number(/^\d+$/.test(word) ? word : Number.NaN) : index + from;
  };
  const right = value.split(',').every((part) => {
    const [, span = '', step] = /^([^/]+)(?:[/](\d+))?$/.exec(part) ?? [];
    if (step === '0') return false;
    if (span === '*') return true;
    // A tilde is cronie's: any one between the two.
    const ends =
      span === '~'
        ? []
        : span.split(/[-~]/).filter((end, _, all) => end !== '' || !span.includes('~') || all.length < 2);
    const numbers = ends.map(number);
    const [first = from, last = first] = numbers;
    return (
      span !== '' &&
      numbers.length <= 2 &&
      numbers.every((each) => each >= from && each <= to) &&
      first <= last
    );
  });
  if (right) return;
  throw new Failure({
    code: 'HAPB6333',
    message: `cron does not understand the ${field} ${value}`,
    hint: `Write *, a number from ${from} to ${to}${names.length === 0 ? '' : ` or a name such as ${names[1]}`}, ranges (1-5), lists (1,3) and steps (*/2).`,
    argument: field,
  });
}

function wrong(message: string, hint: string, argument: string): Failure {
  return new Failure({ code: 'HAPB6006', message, hint, argument });
}
