import { setTimeout as sleep } from 'node:timers/promises';
import { known } from '../../core/change.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `pause`. */
export interface PauseArgs {
  readonly seconds?: number;
  readonly minutes?: number;
}

/** A wait of fixed length. */
export const pause: Module<PauseArgs, null, PauseChange> = {
  name: 'pause',
  summary: 'Waits for a fixed time. Waiting for a condition is `wait_for`.',
  args: {
    type: 'object',
    properties: {
      seconds: { type: 'number', minimum: 0, description: 'Seconds to wait.' },
      minutes: { type: 'number', minimum: 0, description: 'Minutes to wait.' },
    },
    oneOf: [{ required: ['seconds'] }, { required: ['minutes'] }],
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { delta: 'Seconds waited.' },
  example: `- name: Let the switch learn the address
  pause:
    seconds: 5
`,
  probe: () => nothing(null),
  diff(args) {
    const seconds = args.seconds ?? (args.minutes ?? 0) * 60;
    return { summary: `wait ${seconds} s`, edits: [], effects: [], forecast: known, seconds };
  },
  async apply(wanted, host) {
    await sleep(wanted.seconds * 1000, undefined, { signal: host.signal });
    return { changed: false, delta: wanted.seconds };
  },
  foreseen: (wanted) => ({ changed: false, delta: wanted.seconds }),
};

/** A wait that is to come. */
interface PauseChange {
  readonly summary: string;
  readonly edits: readonly [];
  readonly effects: readonly [];
  readonly forecast: typeof known;
  readonly seconds: number;
}
