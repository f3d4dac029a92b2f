import type { Event } from '../events/event.ts';

/** One line about a task that shows nothing: `cp2 silent for 40 s in 'Join', last output: …`. */
export function silentLine(
  { host, silentMs, lastOutput }: Extract<Event, { readonly type: 'task.silent' }>,
  title: string,
): string {
  const said = lastOutput === null ? '' : `, last output: ${lastOutput}`;
  return `${host} silent for ${duration(Math.round(silentMs / 1_000))} in '${title}'${said}`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
