import { Failure } from './failure.ts';
import type { Span } from './source.ts';

/** Timers count milliseconds in 31 bits; what is longer would end at once. */
export const longestSeconds = 2_147_400;

/** The seconds, where a timer can wait for so long. `what`: who says so. @throws Failure HAPB7089 */
export function waitable(seconds: number, what: string, span: Span | null = null): number {
  if (seconds <= longestSeconds) return seconds;
  throw new Failure(
    {
      code: 'HAPB7089',
      message: `${what} of ${seconds} s is longer than can be waited for`,
      hint: `Write at most ${longestSeconds} (24 days), or leave it out.`,
    },
    span,
  );
}
