import type { Outcome } from '../core/outcome.ts';
import { isOwnSkip } from '../core/skip-words.ts';
import type { Tally } from '../core/tally.ts';
import { type Event, type EventBody, isSteering, type NodeId, type TaskNode, type Verdict } from './event.ts';

/** No task counted yet. */
export const emptyTally: Tally = {
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
  unknown: 0,
  wouldFail: 0,
};

/** Counts finished tasks per host while events come by. */
export interface TallyFold {
  on(event: Event | EventBody): void;
  /** Every host for which something counted, sorted by name: the hosts that Ansible's recap shows. */
  recap(): Readonly<Record<string, Tally>>;
}

/** A fold of a run's events into its recap. */
export function createTallyFold(): TallyFold {
  const tallies = new Map<string, Tally>();
  const barriers = new Set<NodeId>();
  const steering = new Set<NodeId>();
  const metas = new Set<NodeId>();
  const announce = (nodes: readonly TaskNode[]): void => {
    for (const node of nodes) {
      if (node.kind === 'barrier') barriers.add(node.id);
      if (isSteering(node)) steering.add(node.id);
      if (node.module === 'meta') metas.add(node.id);
    }
  };
  const count = (host: string, outcome: Outcome, verdict: Verdict): void => {
    const before = tallies.get(host) ?? emptyTally;
    const after = countOutcome(before, outcome, verdict);
    if (after !== before) tallies.set(host, after);
  };
  return {
    on(event) {
      if (event.type === 'play.started' || event.type === 'tasks.added') announce(event.tasks);
      // An include counts once for each file that it brings, not for itself.
      if (event.type === 'included') {
        for (const host of event.hosts) count(host, { kind: 'ok', output: {} }, 'final');
      }
      if (event.type !== 'task.finished' || barriers.has(event.node)) return;
      if (event.outcome.kind === 'ok' && steering.has(event.node)) return;
      if (event.outcome.kind === 'skipped' && metas.has(event.node)) return;
      count(event.host, event.outcome, event.verdict);
    },
    recap: () => Object.fromEntries([...tallies].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * A tally with one finished task more, by Ansible's rules: changed counts in `ok` too, an ignored failure in `ok` and
 * `ignored`, a rescued one in `rescued` alone. What would change counts as changed.
 */
export function countOutcome(tally: Tally, outcome: Outcome, verdict: Verdict): Tally {
  switch (outcome.kind) {
    case 'ok':
      return add(tally, ['ok']);
    case 'changed':
    case 'would-change':
      return add(tally, ['ok', 'changed']);
    case 'unknown':
      return add(tally, ['unknown']);
    case 'failed':
    case 'would-fail':
      return countFailure(tally, outcome, verdict);
    case 'unreachable':
      return verdict === 'ignored' ? add(tally, ['ok', 'ignored']) : add(tally, ['unreachable']);
    case 'skipped':
      return isOwnSkip(outcome.because) ? add(tally, ['skipped']) : tally;
  }
}

function countFailure(
  tally: Tally,
  outcome: Extract<Outcome, { kind: 'failed' | 'would-fail' }>,
  verdict: Verdict,
): Tally {
  switch (verdict) {
    case 'final':
      return add(tally, [outcome.kind === 'failed' ? 'failed' : 'wouldFail']);
    case 'ignored':
      return add(tally, outcome.output.changed === true ? ['ok', 'changed', 'ignored'] : ['ok', 'ignored']);
    case 'rescued':
      return add(tally, ['rescued']);
  }
}

function add(tally: Tally, counters: readonly (keyof Tally)[]): Tally {
  const next: Record<keyof Tally, number> = { ...tally };
  for (const counter of counters) next[counter] += 1;
  return next;
}
