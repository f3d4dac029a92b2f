import { known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { pass } from '../../core/pass.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { waitable } from '../../core/timer-limit.ts';
import type { Output } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import type { HostWriter, Module } from '../module.ts';

/** Arguments of `pause`. */
export interface PauseArgs {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly prompt?: string;
  readonly echo?: boolean;
}

/** A wait of fixed length, or until somebody at the terminal answers. */
export const pause: Module<PauseArgs, null, PauseChange> = {
  name: 'pause',
  summary: 'Waits for a fixed time, or until somebody answers. Waiting for a condition is `wait_for`.',
  notes: [
    'Without `seconds` and `minutes` it asks on the terminal and goes on with Enter; what was typed is `user_input`. Where standard input is no terminal nobody is asked, as with Ansible: the task warns and ends well. Ctrl-C at the question lets choose between going on and giving up.',
    'In a linear play it runs for the first host only, and only that one registers the result; `run_once: true` gives it to all.',
    'A check neither waits nor asks: what somebody would type is unknown.',
  ],
  args: {
    type: 'object',
    properties: {
      seconds: { type: 'number', description: 'Seconds to wait, whole ones and at least one.' },
      minutes: { type: 'number', description: 'Minutes to wait, whole ones; less than one is a second.' },
      prompt: { type: 'string', description: 'What is asked, or shown while time passes.' },
      echo: {
        type: 'boolean',
        default: true,
        description: 'Whether typing shows; else the answer is a secret.',
      },
    },
    not: { required: ['seconds', 'minutes'] },
    additionalProperties: false,
  },
  traits: ['reads-everything', 'first-host'],
  returns: {
    user_input: 'What was typed; empty when time was waited for or nobody could be asked.',
    echo: 'Whether typing showed.',
    stdout: 'How long it took, in a sentence.',
    stderr: 'Empty.',
    rc: '0.',
    start: 'When it began.',
    stop: 'When it ended.',
    delta: 'Whole seconds that it took.',
  },
  example: `- name: Let the switch learn the address
  pause:
    seconds: 5

- name: Ask before what cannot be undone
  pause:
    prompt: Type yes to go on
  register: answer
`,
  probe: () => nothing(null),
  diff: (args) => {
    const prompt = args.prompt ?? '';
    const seconds = secondsOf(args);
    return {
      summary: seconds === null ? `ask ${prompt === '' ? 'to go on' : `"${prompt}"`}` : `wait ${seconds} s`,
      edits: [],
      effects: [],
      forecast: known,
      seconds,
      unit: seconds !== null && args.minutes === undefined ? 'seconds' : 'minutes',
      prompt,
      echo: args.echo === false ? 'hidden' : 'shown',
    };
  },
  async apply(wanted, host) {
    const begun = Date.now();
    const begunMs = performance.now();
    const answer =
      wanted.seconds === null ? await ask(wanted, host) : await wait(wanted, host, wanted.seconds);
    const seconds = (performance.now() - begunMs) / 1000;
    return {
      ...always(wanted),
      ...answer,
      start: timestamp(begun),
      stop: timestamp(begun + seconds * 1000),
      delta: Math.floor(seconds),
      stdout: `Paused for ${rounded(wanted.unit === 'minutes' ? seconds / 60 : seconds)} ${wanted.unit}`,
    };
  },
  foreseen: (wanted) => ({
    ...always(wanted),
    ...(wanted.seconds === null ? {} : { user_input: '', delta: wanted.seconds }),
  }),
};

/** A wait that is to come. */
interface PauseChange {
  readonly summary: string;
  readonly edits: readonly [];
  readonly effects: readonly [];
  readonly forecast: typeof known;
  /** `null`: until somebody answers. */
  readonly seconds: number | null;
  /** In which its length is told. */
  readonly unit: 'seconds' | 'minutes';
  readonly prompt: string;
  readonly echo: 'hidden' | 'shown';
}

/** Ansible cuts fractions off, and waits a second at least. */
function secondsOf({ seconds, minutes }: PauseArgs): number | null {
  if (seconds === undefined && minutes === undefined) return null;
  const wanted = minutes === undefined ? Math.trunc(seconds ?? 0) : Math.trunc(minutes) * 60;
  return Math.max(1, waitable(wanted, 'a pause'));
}

async function wait({ prompt }: PauseChange, host: HostWriter, seconds: number): Promise<Answer> {
  host.progress(`Pausing for ${seconds} seconds`);
  if (prompt !== '') host.progress(prompt);
  await pass(seconds * 1000, host.signal);
  return { user_input: '' };
}

interface Answer {
  readonly user_input: Text;
  readonly warnings?: readonly string[];
}

const nobody = 'Not waiting for response to prompt as stdin is not interactive';

async function ask({ prompt, echo }: PauseChange, { person }: HostWriter): Promise<Answer> {
  if (person === undefined) return { user_input: '', warnings: [nobody] };
  const question = prompt === '' ? 'Press enter to continue, Ctrl+C to interrupt' : prompt;
  const hidden = echo === 'hidden' ? ' (output is hidden)' : '';
  const answer = await person(`${question}${hidden}:`, echo);
  if (answer !== null)
    return { user_input: echo === 'hidden' && answer !== '' ? new Secret(answer, 'user_input') : answer };
  for (;;) {
    const choice = await person("Press 'C' to continue the play or 'A' to abort ", 'shown');
    if (choice !== null && /^c/i.test(choice)) return { user_input: '' };
    if (choice !== null && !/^a/i.test(choice)) continue;
    const hint = 'Run it again; what is done already stays as it is.';
    throw new Failure({ code: 'HAPB6170', message: 'user requested abort!', hint });
  }
}

function always({ echo }: PauseChange): Output {
  return { changed: false, rc: 0, stderr: '', echo: echo === 'shown' };
}

/** As Python prints a float of two digits. */
function rounded(value: number): string {
  const text = String(Math.round(value * 100) / 100);
  return text.includes('.') ? text : `${text}.0`;
}

/** Local time with microseconds, of which the last three are not measured. */
function timestamp(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return `${local.toISOString().replace('T', ' ').replace('Z', '')}000`;
}
