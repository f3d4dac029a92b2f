import type { Paint } from '../core/paint.ts';
import { formatPlace } from '../core/source.ts';
import type { Event, LeftChange, PlanNote } from '../events/event.ts';

/** What a run that is held to a plan says of the end of a task, as a sentence. */
export function noteText(note: PlanNote): string {
  switch (note.kind) {
    case 'resolved':
      return `resolved; the plan did not know it (${note.reason})`;
    case 'unneeded':
      return `no longer needed; the plan foresaw: ${note.summary}`;
  }
}

/** The line below that of a task or an item; empty: there is nothing to say. */
export function noteLine(
  event: Extract<Event, { type: 'task.finished' | 'item.finished' }>,
  paint: Paint,
): string {
  if (event.plan === undefined) return '';
  const item = event.type === 'item.finished' ? ` => (item=${event.label})` : '';
  return `${paint('cyan', `plan: [${event.host}]${item} ${noteText(event.plan)}`)}\n`;
}

/** Foreseen changes whose tasks did not come, a line each. */
export function leftLines(changes: readonly LeftChange[]): readonly string[] {
  return changes.map(
    ({ host, title, span, summary }) => `plan: [${host}] ${title}: ${summary} (${formatPlace(span)})`,
  );
}
