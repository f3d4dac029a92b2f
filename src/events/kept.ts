import type { Outcome } from '../core/outcome.ts';
import type { Event, NodeId } from './event.ts';

/** How a task ended on a host in a run that did not come to its end. */
export interface KeptEnd {
  readonly outcome: Extract<Outcome, { kind: 'ok' | 'changed' }>;
  readonly delegate: string | null;
  readonly looped: boolean;
  /** `no`: secrets were left out of the output, so nothing may read it. */
  readonly whole: 'yes' | 'no';
}

/** What an earlier run is known to have done. */
export interface KeptEnds {
  /** `null`: the task did not end well there. */
  of(node: NodeId, host: string): KeptEnd | null;
  readonly size: number;
}

/** What an earlier run has done, by its log. */
export function keptEnds(log: readonly Event[]): KeptEnds {
  const ends = new Map<string, KeptEnd>();
  for (const event of log) {
    if (event.type !== 'task.finished') continue;
    const { node, host, outcome, delegate, looped } = event;
    if (outcome.kind !== 'ok' && outcome.kind !== 'changed') continue;
    ends.set(keyOf(node, host), { outcome, delegate, looped, whole: isWhole(outcome) ? 'yes' : 'no' });
  }
  return { of: (node, host) => ends.get(keyOf(node, host)) ?? null, size: ends.size };
}

/** As much of an event as going on needs; `null`: nothing of it. */
export function worthKeeping(event: Event): Event | null {
  if (event.type === 'run.started' || event.type === 'files.read' || event.type === 'run.finished')
    return event;
  if (event.type !== 'task.finished') return null;
  const { outcome } = event;
  if (outcome.kind === 'changed') return { ...event, outcome: { ...outcome, change: null } };
  return outcome.kind === 'ok' ? event : null;
}

function keyOf(node: NodeId, host: string): string {
  return `${node} ${host}`;
}

/** Secrets leave a run as `‹label›`, and the output of a task with `no_log` as `censored`. */
function isWhole({ output }: KeptEnd['outcome']): boolean {
  return !('censored' in output) && !/\u2039[^\u203a]*\u203a/.test(JSON.stringify(output));
}
