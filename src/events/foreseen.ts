import type { Outcome, ShownChange } from '../core/outcome.ts';
import type { Span } from '../core/source.ts';
import { type Event, type EventBody, type NodeId, rename, type TaskNode } from './event.ts';

/** How a check said that a task, or an item of its loop, would end on a host. */
export interface Foreseen {
  readonly kind: Outcome['kind'];
  /** Of the item in its loop, from 0; `null`: the whole task. */
  readonly index: number | null;
  readonly delegate: string | null;
  /** What would be changed; `null`: nothing, or it cannot be known. */
  readonly change: ShownChange | null;
  /** What is there of a change: `diff: false` leaves its summary, `no_log` only that there is one. */
  readonly detail: 'whole' | 'summary' | 'none';
  /** Why it is unknown, or else empty. */
  readonly reason: string;
  readonly host: string;
  readonly title: string;
  readonly span: Span;
}

/** The tasks of a run by what they are in the playbook, though an include or a flush gives them other names in each run. */
export interface NodePlaces {
  on(event: EventBody): void;
  /** Where the task of a node stands, in a form that is the same in every run of a playbook. */
  placeOf(node: NodeId): string;
  /** Where the includes stand that brought the node, nearest first. */
  includesOf(node: NodeId): readonly string[];
  node(id: NodeId): TaskNode | undefined;
}

/** A fold of a run's events. */
export function createNodePlaces(): NodePlaces {
  const nodes = new Map<NodeId, TaskNode>();
  let folder = '';
  const node = (id: NodeId): TaskNode | undefined => nodes.get(id) ?? nodes.get(bare(id));
  const placeOf = (id: NodeId): string => {
    const span = node(id)?.span;
    if (span === undefined) return bare(id);
    const file = folder !== '' && span.file.startsWith(folder) ? span.file.slice(folder.length) : span.file;
    return `${file}:${span.start.offset}`;
  };
  return {
    node,
    placeOf,
    includesOf(id) {
      const parts = bare(id).split('/').slice(0, -1);
      return parts.map((_, index) => placeOf(parts.slice(0, index + 1).join('/'))).reverse();
    },
    on(event) {
      if (event.type === 'run.started') folder = (event.playbooks[0] ?? '').replace(/[^/]*$/, '');
      if (event.type === 'task.named') rename(nodes, event);
      if (event.type !== 'play.started' && event.type !== 'tasks.added') return;
      for (const task of event.tasks) {
        nodes.set(task.id, task);
        if (!nodes.has(bare(task.id))) nodes.set(bare(task.id), task);
      }
    },
  };
}

/** A node's name without that of the flush or include in which it stands. */
function bare(id: NodeId): string {
  return id.replace(/@.*$/, '');
}

/** What a check foresaw, by place and host. */
export type Forecast = ReadonlyMap<string, readonly Foreseen[]>;

/** The key of a task on a host in a Forecast. */
export function forecastKey(place: string, host: string): string {
  return `${host} ${place}`;
}

/** Folds the log of a check. A looped task is told by its items. */
export function forecastOf(log: readonly Event[]): Forecast {
  const places = createNodePlaces();
  const forecast = new Map<string, Foreseen[]>();
  const items = new Map<string, Foreseen[]>();
  for (const event of log) {
    places.on(event);
    if (event.type !== 'item.finished' && event.type !== 'task.finished') continue;
    const own = `${event.node} ${event.host}`;
    const before = items.get(own) ?? [];
    const { title, span } = places.node(event.node) ?? { title: event.node, span: unplaced };
    const told = { ...toldBy(event), title, span };
    if (event.type === 'item.finished') {
      items.set(own, [...before, { ...told, index: before.length }]);
      continue;
    }
    items.delete(own);
    const key = forecastKey(places.placeOf(event.node), event.host);
    const entries = before.length > 0 ? before : [told];
    forecast.set(key, [...(forecast.get(key) ?? []), ...entries]);
  }
  return forecast;
}

const origin = { line: 1, column: 1, offset: 0 };
const unplaced: Span = { file: '<plan>', start: origin, end: origin };

function toldBy({
  outcome,
  host,
  delegate,
}: Extract<Event, { type: 'item.finished' | 'task.finished' }>): Omit<Foreseen, 'title' | 'span'> {
  const change = 'change' in outcome ? (outcome.change ?? null) : null;
  const hidden = outcome.kind !== 'unreachable' && 'censored' in outcome.output;
  return {
    kind: outcome.kind,
    index: null,
    host,
    delegate,
    change,
    detail: hidden ? 'none' : (change?.detail ?? 'whole'),
    reason: outcome.kind === 'unknown' ? outcome.reason : '',
  };
}
