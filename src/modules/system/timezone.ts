import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, nothing, question } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect } from '../asks/file-state.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { step } from '../general/steps.ts';
import { joinLines, planText, splitLines, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';

/** Arguments of `timezone`. */
export interface TimezoneArgs {
  readonly name?: string;
  readonly hwclock?: 'UTC' | 'local';
}

/** What `timezone` asks. `zone`: whether the host knows the zone that is wanted. */
export interface TimezoneState {
  readonly localtime: FileState;
  readonly timezone: TextFile;
  readonly adjtime: TextFile;
  readonly zone: 'known' | 'unknown' | 'no-zones';
}

/** Files to put in place. */
export interface TimezoneChange extends Change {
  /** Where /etc/localtime is to lead; `null`: it is right. */
  readonly target: string | null;
  readonly plans: readonly FilePlan[];
  readonly result: Output;
}

const zones = '/usr/share/zoneinfo';
const paths = { localtime: '/etc/localtime', timezone: '/etc/timezone', adjtime: '/etc/adjtime' } as const;

/** The host's time zone. */
export const timezone: Module<TimezoneArgs, TimezoneState, TimezoneChange> = {
  name: 'timezone',
  summary: 'Sets the time zone of the host, and how its hardware clock is read.',
  notes: [
    'It sets the link /etc/localtime, /etc/timezone where the host has that file, and the third line of /etc/adjtime; timedatectl and its bus are not needed.',
    'Programs that run keep the zone that they started with: restart cron and the like in a handler.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
        description: 'Zone, such as Europe/Berlin or UTC. Absent: as it is.',
      },
      hwclock: {
        enum: ['UTC', 'local'],
        description: 'What the hardware clock is set to, as of the next boot. Absent: as it is.',
        aliases: ['rtc'],
      },
    },
    anyOf: [{ required: ['name'] }, { required: ['hwclock'] }],
    additionalProperties: false,
  },
  returns: { name: 'The zone.', hwclock: 'UTC or local.' },
  example: `- name: Log in UTC everywhere
  timezone:
    name: UTC
`,
  probe: (args) =>
    all({
      localtime: file(paths.localtime, { content: 'none' }),
      timezone: textFile(paths.timezone),
      adjtime: textFile(paths.adjtime),
      zone: args.name === undefined ? nothing('known' as const) : zone(args.name),
    }),
  diff(args, state) {
    const before = zoneOf(state);
    const now = { name: before ?? '', hwclock: clockOf(state) };
    const result = { name: args.name ?? now.name, hwclock: args.hwclock ?? now.hwclock };
    if (args.name !== undefined && state.zone !== 'known') throw unknownZone(args.name, state.zone);
    const target = args.name === undefined || before === args.name ? null : `${zones}/${args.name}`;
    const plans = [zoneFile(args, state), clockFile(args, state)].filter((plan) => plan !== null);
    if (target === null && plans.length === 0) return null;
    const link: readonly Edit[] =
      target === null
        ? []
        : [{ subject: paths.localtime, before: describe(state.localtime), after: `link to ${target}\n` }];
    const effects: readonly Effect[] =
      target === null
        ? []
        : [fileEffect(paths.localtime, { kind: 'link', target, owner: 'root', group: 'root' })];
    return {
      summary: [
        ...(args.name === undefined ? [] : [`set the time zone to ${args.name}`]),
        ...(args.hwclock === undefined || args.hwclock === now.hwclock
          ? []
          : [`keep the hardware clock in ${args.hwclock === 'UTC' ? 'UTC' : 'local time'}`]),
      ].join(', '),
      edits: [...link, ...plans.flatMap((plan) => plan.edits)],
      effects: [...effects, ...plans.flatMap((plan) => plan.effects)],
      forecast: known,
      target,
      plans,
      result,
    };
  },
  async apply(wanted, host) {
    if (wanted.target !== null) {
      const sh = 't=$2.hapb; rm -f -- "$t" && ln -s -- "$1" "$t" && mv -f -- "$t" "$2"';
      await step(
        host,
        { sh, args: [wanted.target, paths.localtime] },
        {
          code: 'HAPB6003',
          message: `cannot set ${paths.localtime}`,
          hint: 'Add `become: true`; see the output below.',
        },
      );
    }
    for (const plan of wanted.plans) await applyFile(plan, host);
    return wanted.result;
  },
  output: (args, state) => ({
    name: args.name ?? zoneOf(state) ?? '',
    hwclock: args.hwclock ?? clockOf(state),
  }),
  foreseen: (wanted) => wanted.result,
};

function zone(name: string): Ask<'known' | 'unknown' | 'no-zones'> {
  return question({
    key: `zone:${name}`,
    reads: ['package:tzdata'],
    sh: `if [ -f "$1/$2" ]; then echo known; elif [ -d "$1" ]; then echo unknown; else echo no-zones; fi`,
    args: [zones, name],
    parse: (reply) => {
      const word = reply.stdout.trim();
      return word === 'known' || word === 'unknown' ? word : 'no-zones';
    },
  });
}

/** The zone's name; `null`: it cannot be told. */
function zoneOf(state: TimezoneState): string | null {
  const { localtime } = state;
  if (localtime.kind === 'link') {
    const at = localtime.target.indexOf('zoneinfo/');
    return at === -1 ? null : localtime.target.slice(at + 'zoneinfo/'.length);
  }
  if (localtime.kind === 'absent') return 'UTC';
  return textOf(paths.timezone, state.timezone)?.trim() ?? null;
}

function zoneFile(args: TimezoneArgs, state: TimezoneState): FilePlan | null {
  if (args.name === undefined || state.timezone.file.kind === 'absent') return null;
  return planText(paths.timezone, `${args.name}\n`, { now: state.timezone });
}

function clockOf(state: TimezoneState): 'UTC' | 'local' {
  const text = textOf(paths.adjtime, state.adjtime) ?? '';
  return splitLines(text).lines[2]?.trim() === 'LOCAL' ? 'local' : 'UTC';
}

function clockFile(args: TimezoneArgs, state: TimezoneState): FilePlan | null {
  if (args.hwclock === undefined || args.hwclock === clockOf(state)) return null;
  const [drift = '0.0 0 0.0', adjusted = '0'] = splitLines(textOf(paths.adjtime, state.adjtime) ?? '').lines;
  const text = joinLines([drift, adjusted, args.hwclock === 'UTC' ? 'UTC' : 'LOCAL'], '\n');
  return planText(paths.adjtime, text, { now: state.adjtime });
}

function describe(state: FileState): string | null {
  if (state.kind === 'absent') return null;
  return state.kind === 'link' ? `link to ${state.target}\n` : `${state.kind}\n`;
}

function unknownZone(name: string, why: 'unknown' | 'no-zones'): Failure {
  return new Failure({
    code: 'HAPB6311',
    message:
      why === 'no-zones'
        ? `the host has no time zones, so ${name} cannot be set`
        : `the host knows no time zone ${name}`,
    hint:
      why === 'no-zones'
        ? 'Install the package tzdata.'
        : 'Names are those of the files below /usr/share/zoneinfo, such as Europe/Berlin; capitals count.',
    argument: 'name',
  });
}
