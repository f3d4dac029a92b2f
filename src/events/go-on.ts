import type { Outcome } from '../core/outcome.ts';
import type { EventBody, NodeId } from './event.ts';
import type { KeptEnd, KeptEnds, KeptTask } from './kept.ts';

/**
 * A run that goes on with an earlier one. Each host passes over what it has behind it until it comes to a task that it has
 * not, or that changes something when it runs again; from there on it runs everything, as all of it may depend on that.
 */
export interface GoingOn {
  /** The end of a task to which its host has come. `null`: there is none, and the host goes on here. */
  take(task: KeptTask): KeptEnd | null;
  /** A task that was not passed over ended so. */
  ran(task: { readonly node: NodeId; readonly host: string; readonly outcome: Outcome }): void;
  /** On which of these hosts a task ran that runs once; `null`: on none that still is before it. */
  hostOf(node: NodeId, way: string, hosts: readonly string[]): string | null;
}

/** Goes on with what is known; `tell` hears once of each host where it goes on. */
export function goOn(known: KeptEnds, tell: (event: EventBody) => void): GoingOn {
  const gone = new Set<string>();
  const leave = (node: NodeId, host: string): void => {
    if (gone.has(host)) return;
    gone.add(host);
    tell({ type: 'host.goes-on', node, host });
  };
  return {
    take(task) {
      const end = known.of(task);
      if (end === null) leave(task.node, task.host);
      return end !== null && gone.has(task.host) ? { ...end, stands: 'no' } : end;
    },
    ran({ node, host, outcome }) {
      if (outcome.kind !== 'ok' && outcome.kind !== 'skipped') leave(node, host);
    },
    hostOf: (node, way, hosts) =>
      hosts.find((host) => !gone.has(host) && known.of({ node, way, host }) !== null) ?? null,
  };
}
