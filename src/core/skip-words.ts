import type { Outcome, SkipReason } from './outcome.ts';
import type { Output } from './value.ts';

const words = {
  when: { skip_reason: 'Conditional result was False' },
  verbosity: { skipped_reason: 'Verbosity threshold not met.', failed: false },
  'empty-loop': { skipped_reason: 'No items in the list' },
  'only-checked': { failed: false },
  'host-failed': { skip_reason: 'The host had failed' },
  aborted: { skip_reason: 'The play was stopped' },
  'not-this-host': { skip_reason: 'Another host runs it' },
} as const satisfies Readonly<Record<SkipReason, Output>>;

/** What the result of a skipped task says of why; a loop's items say it themselves. */
export function skipWords({ because, output }: Extract<Outcome, { kind: 'skipped' }>): Output {
  return because === 'when' && 'results' in output ? {} : words[because];
}

/** Whether the task itself led to the skip, which reports tell; else others did, who are told of instead. */
export function isOwnSkip(because: SkipReason): boolean {
  return ['when', 'verbosity', 'empty-loop', 'only-checked'].includes(because);
}
