import type { Paint } from '../core/paint.ts';
import type { Event } from '../events/event.ts';

/** What is said of a play without hosts. */
export function noHosts({ unknown }: Extract<Event, { type: 'play.no-hosts' }>, paint: Paint): string {
  if (unknown === undefined) return paint('cyan', 'skipping: no hosts matched');
  return paint('purple', `unknown: which hosts it has (${unknown})`);
}
