import type { Outcome } from '../core/outcome.ts';
import type { Event, NodeId } from './event.ts';

/** How a task ended on a host in a run that did not come to its end, where the host went on after it. */
export interface KeptEnd {
  readonly outcome: Extract<Outcome, { kind: 'ok' | 'changed' | 'failed' | 'skipped' }>;
  readonly delegate: string | null;
  readonly looped: boolean;
  /** `no`: secrets were left out of the output, so nothing may read it. */
  readonly whole: 'yes' | 'no';
  /** Whether it can count for a task that is not run; `no`: it only tells what was changed. */
  readonly stands: 'yes' | 'no';
}

/** A task on a host, by what is the same in each run. */
export interface KeptTask {
  readonly node: NodeId;
  /** As `task.finished` tells it; empty outside of includes and flushes. */
  readonly way: string;
  readonly host: string;
}

/** What an earlier run is known to have done. */
export interface KeptEnds {
  /** `null`: the host did not come past this task. */
  of(task: KeptTask): KeptEnd | null;
  readonly size: number;
}

/** What an earlier run has done, by its log; that of a run that went on holds those before it, too. */
export function keptEnds(log: readonly Event[]): KeptEnds {
  const ends = new Map<string, KeptEnd>();
  /** What each host has come past since the run began that is last in the log. */
  const anew = new Map<string, Set<string>>();
  for (const event of log) {
    if (event.type === 'run.started') anew.clear();
    if (event.type === 'host.goes-on') doubt(ends, event.host, anew.get(event.host));
    if (event.type !== 'task.finished') continue;
    const { host } = event;
    const key = keyOf({ ...event, way: event.way ?? '' });
    const end = endOf(event);
    if (end === null) {
      const before = ends.get(key);
      if (before !== undefined) ends.set(key, { ...before, stands: 'no' });
      continue;
    }
    ends.set(key, end);
    anew.set(host, (anew.get(host) ?? new Set()).add(key));
  }
  return { of: (task) => ends.get(keyOf(task)) ?? null, size: ends.size };
}

/** What a host did after the task at which it went on may not be true any more. */
function doubt(ends: Map<string, KeptEnd>, host: string, anew: ReadonlySet<string> | undefined): void {
  for (const [key, end] of ends)
    if (hostOf(key) === host && anew?.has(key) !== true) ends.set(key, { ...end, stands: 'no' });
}

/** `null`: the host did not go on after it. */
function endOf(event: Extract<Event, { type: 'task.finished' }>): KeptEnd | null {
  const { outcome, verdict, delegate, looped } = event;
  switch (outcome.kind) {
    case 'ok':
    case 'changed': {
      const whole = isWhole(outcome) ? 'yes' : 'no';
      const stands = whole === 'no' && 'ansible_facts' in outcome.output ? 'no' : 'yes';
      return { outcome, delegate, looped, whole, stands };
    }
    case 'failed': {
      if (verdict === 'final') return null;
      // A rescue may read the result, and `ignore_errors` each item.
      const whole = isWhole(outcome) ? 'yes' : 'no';
      return { outcome, delegate, looped, whole, stands: looped ? 'no' : whole };
    }
    case 'skipped':
      // Conditions are looked at again.
      return { outcome, delegate, looped, whole: 'yes', stands: 'no' };
    default:
      return null;
  }
}

/** What a task changed in the run before it changed for this one too: its handlers may be waiting. */
export function withChangeBefore<E extends { readonly outcome: Outcome }>(end: E, before: KeptEnd | null): E {
  if (before?.outcome.kind !== 'changed' || end.outcome.kind !== 'ok') return end;
  return { ...end, outcome: { kind: 'changed', change: null, output: end.outcome.output } };
}

/** As much of an event as going on needs; `null`: nothing of it. */
export function worthKeeping(event: Event): Event | null {
  switch (event.type) {
    case 'run.started':
    case 'files.read':
    case 'host.goes-on':
    case 'run.finished':
      return event;
    case 'task.finished': {
      const { outcome } = event;
      return outcome.kind === 'changed' ? { ...event, outcome: { ...outcome, change: null } } : event;
    }
    default:
      return null;
  }
}

/** Nodes and files of an include are numbered as hosts come to it; the way says which they are. */
function keyOf({ node, way, host }: KeptTask): string {
  const task = `${way}${node.replace(/@.*/, '')}`.replace(/\/\d+/g, '');
  return `${task} ${host}`;
}

function hostOf(key: string): string {
  return key.slice(key.lastIndexOf(' ') + 1);
}

/** Secrets leave a run as `‹label›`, and the output of a task with `no_log` as `censored`. */
function isWhole({ output }: KeptEnd['outcome']): boolean {
  return !('censored' in output) && !/\u2039[^\u203a]*\u203a/.test(JSON.stringify(output));
}
