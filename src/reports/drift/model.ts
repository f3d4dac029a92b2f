import type { Edit } from '../../core/change.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Event, type NodeId, rename, type TaskNode } from '../../events/event.ts';

/** Something that the playbook says otherwise than hosts are, for all of them together. */
export interface Difference {
  readonly node: TaskNode;
  /** Of a loop's item; `null`: no loop. */
  readonly label: string | null;
  readonly summary: string;
  readonly edits: readonly Edit[];
  /** Hosts, each with the time in milliseconds since which a file of it is as it is; `null`: nobody can tell. */
  readonly hosts: Map<string, number | null>;
}

/** Why it is not known whether hosts are as the playbook says. */
export interface Doubt {
  readonly node: TaskNode;
  readonly label: string | null;
  readonly reason: string;
  readonly hosts: Set<string>;
}

/** What would go wrong on hosts, or what kept them from being reached. */
export interface Trouble {
  readonly node: TaskNode;
  readonly kind: 'failed' | 'unreachable';
  readonly diagnostic: Diagnostic;
  readonly hosts: Set<string>;
}

/** How a host stands to the playbook; the worst word counts. */
export type Standing = 'as written' | 'unknown' | 'drifted' | 'failed' | 'unreachable';

/** All that a check has found, grouped for those who look after the hosts. */
export interface DriftModel {
  playbooks: readonly string[];
  startedMs: number;
  exitCode: number;
  readonly hosts: Map<string, Standing>;
  readonly differences: Difference[];
  /** Handlers that a run would start because of them. */
  readonly consequences: Difference[];
  readonly doubts: Doubt[];
  readonly troubles: Trouble[];
  readonly warnings: Diagnostic[];
}

type Finished = Extract<Event, { type: 'task.finished' | 'item.finished' }>;

const ranks: readonly Standing[] = ['as written', 'unknown', 'drifted', 'failed', 'unreachable'];

/** A fold of a check's events. */
export function createDriftFold(): { readonly model: DriftModel; on(event: Event): void } {
  const nodes = new Map<NodeId, TaskNode>();
  /** Looped tasks whose items have been told. */
  const told = new Set<string>();
  const model: DriftModel = {
    playbooks: [],
    startedMs: 0,
    exitCode: 0,
    hosts: new Map(),
    differences: [],
    consequences: [],
    doubts: [],
    troubles: [],
    warnings: [],
  };
  const finished = (event: Finished): void => {
    const own = `${event.node} ${event.host}`;
    const node = nodes.get(event.node);
    if (event.type === 'item.finished') told.add(own);
    const isSum = event.type === 'task.finished' && told.delete(own);
    const isCaught = event.type === 'task.finished' && event.verdict !== 'final';
    if (node === undefined) return;
    take(model, event, node, isCaught || isSum ? 'sum' : 'own');
  };
  return {
    model,
    on(event) {
      switch (event.type) {
        case 'run.started':
          model.playbooks = event.playbooks;
          model.startedMs = event.atMs;
          return;
        case 'play.started':
          for (const host of event.hosts) stand(model, host, 'as written');
          for (const node of event.tasks) nodes.set(node.id, node);
          return;
        case 'tasks.added':
          for (const node of event.tasks) nodes.set(node.id, node);
          return;
        case 'task.named':
          rename(nodes, event);
          return;
        case 'item.finished':
        case 'task.finished':
          finished(event);
          return;
        case 'diagnostic':
          model.warnings.push(event.diagnostic);
          return;
        case 'run.finished': {
          model.exitCode = event.exitCode;
          const order = [...nodes.keys()];
          for (const list of [model.differences, model.consequences, model.doubts, model.troubles])
            sortFound(list, order);
          return;
        }
        default:
          return;
      }
    },
  };
}

/** Names with their numbers as numbers: cp2 before cp10. */
export function sortedHosts(hosts: Iterable<string>): readonly string[] {
  return [...hosts].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Hosts come in any order; what was found of them stands in that of the tasks, and of one task in that of the hosts. */
function sortFound(list: (Difference | Doubt | Trouble)[], order: readonly NodeId[]): void {
  const first = ({ hosts }: Difference | Doubt | Trouble): string => sortedHosts(hosts.keys())[0] ?? '';
  list.sort(
    (one, other) =>
      order.indexOf(one.node.id) - order.indexOf(other.node.id) ||
      first(one).localeCompare(first(other), 'en', { numeric: true }),
  );
}

function stand(model: DriftModel, host: string, standing: Standing): void {
  const before = model.hosts.get(host) ?? 'as written';
  model.hosts.set(host, ranks.indexOf(standing) > ranks.indexOf(before) ? standing : before);
}

/** `sum`: what it says was told by items, or a rescue has caught it. */
function take(model: DriftModel, event: Finished, node: TaskNode, part: 'own' | 'sum'): void {
  const { outcome } = event;
  const host = event.delegate ?? event.host;
  const label = event.type === 'item.finished' ? event.label : null;
  switch (outcome.kind) {
    case 'would-change': {
      if (part === 'sum') return;
      const list = node.kind === 'handler' ? model.consequences : model.differences;
      addDifference(list, {
        node,
        label,
        ...outcome.change,
        hosts: new Map([[host, sinceOf(outcome.change.edits)]]),
      });
      stand(model, event.host, 'drifted');
      return;
    }
    case 'unknown': {
      if (part === 'sum') return;
      const { reason } = outcome;
      const known = model.doubts.find(
        (other) => other.node.id === node.id && other.label === label && other.reason === reason,
      );
      if (known === undefined) model.doubts.push({ node, label, reason, hosts: new Set([host]) });
      else known.hosts.add(host);
      stand(model, event.host, 'unknown');
      return;
    }
    case 'failed':
    case 'would-fail':
    case 'unreachable':
      if (event.type === 'task.finished' && event.verdict === 'final')
        addTrouble(model, node, { host, outcome });
      return;
    case 'ok':
    case 'changed':
    case 'skipped':
      return;
  }
}

function addDifference(list: Difference[], difference: Difference): void {
  const known = list.find((other) => keyOf(other) === keyOf(difference));
  if (known === undefined) list.push(difference);
  else for (const [host, since] of difference.hosts) known.hosts.set(host, since);
}

/** Times do not make two differences of one. */
function keyOf({ node, label, summary, edits }: Difference): string {
  return JSON.stringify([
    node.id,
    label,
    summary,
    edits.map(({ subject, before, after }) => [subject, before, after]),
  ]);
}

function sinceOf(edits: readonly Edit[]): number | null {
  const times = edits.flatMap(({ sinceMs }) => (sinceMs === undefined ? [] : [sinceMs]));
  return times.length === 0 ? null : Math.max(...times);
}

function addTrouble(
  model: DriftModel,
  node: TaskNode,
  {
    host,
    outcome,
  }: { readonly host: string; readonly outcome: Extract<Outcome, { readonly diagnostic: Diagnostic }> },
): void {
  const kind = outcome.kind === 'unreachable' ? 'unreachable' : 'failed';
  const { diagnostic } = outcome;
  const known = model.troubles.find(
    (other) => other.kind === kind && JSON.stringify(other.diagnostic) === JSON.stringify(diagnostic),
  );
  if (known === undefined) model.troubles.push({ node, kind, diagnostic, hosts: new Set([host]) });
  else known.hosts.add(host);
  stand(model, host, kind);
}
