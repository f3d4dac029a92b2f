import { type Event, isSteering, type NodeId, rename, type TaskNode } from '../events/event.ts';

/** Follows where hosts are, for a run that is asked to end. */
export interface StopNotes {
  on(event: Event): void;
  /** What is said at once. */
  now(): string;
  /** What was done and what was not, a line for all hosts that came equally far; empty: the run was not asked to end. */
  left(): readonly string[];
}

/** Notes that know nothing yet. */
export function createStopNotes(): StopNotes {
  const nodes = new Map<NodeId, TaskNode>();
  /** Of the play under way, in order. */
  let order: NodeId[] = [];
  const running = new Map<string, NodeId>();
  /** Hosts of the play, with the last task that each is through with. */
  const last = new Map<string, NodeId | null>();
  let state: 'going' | 'stopping' = 'going';
  const add = (tasks: readonly TaskNode[], at: number): void => {
    for (const node of tasks) nodes.set(node.id, node);
    order = order.toSpliced(at, 0, ...tasks.filter((node) => !isSteering(node)).map(({ id }) => id));
  };
  const title = (id: NodeId): string => `'${nodes.get(id)?.title ?? id}'`;
  const place = (host: string): string => {
    const at = last.get(host) ?? null;
    const rest = order.slice(at === null ? 0 : order.indexOf(at) + 1);
    const done = at === null ? 'nothing was begun' : `done up to ${title(at)}`;
    const [next] = rest;
    if (next === undefined) return `${done}, the last of this play`;
    const more = rest.length === 1 ? '' : ` and ${rest.length - 1} more of this play`;
    return `${done}; not done: ${title(next)}${more}`;
  };
  return {
    on(event) {
      switch (event.type) {
        case 'play.started':
          order = [];
          nodes.clear();
          last.clear();
          for (const host of event.hosts) last.set(host, null);
          add(event.tasks, 0);
          return;
        case 'tasks.added':
          add(event.tasks, order.indexOf(event.after) + 1 || order.length);
          return;
        case 'task.named':
          rename(nodes, event);
          return;
        case 'task.started':
          running.set(event.host, event.node);
          return;
        case 'task.finished': {
          running.delete(event.host);
          const { kind } = event.outcome;
          const isDone = kind !== 'failed' && kind !== 'unreachable' && kind !== 'would-fail';
          if ((isDone || event.verdict !== 'final') && order.includes(event.node))
            last.set(event.host, event.node);
          return;
        }
        case 'run.stopping':
          state = 'stopping';
          return;
        default:
          return;
      }
    },
    now() {
      const where = grouped([...running], title).map(([task, hosts]) => `${task} on ${hosts.join(', ')}`);
      if (where.length === 0) return 'Ending: nothing more starts.';
      return `Ending: nothing more starts. Still at work: ${where.join('; ')}. Ctrl-C once more stops that on the hosts, too.`;
    },
    left() {
      if (state === 'going') return [];
      return grouped(
        [...last.keys()].map((host) => [host, host] as const),
        place,
      ).map(([text, hosts]) => `${hosts.join(', ')}: ${text}`);
    },
  };
}

function grouped<T>(
  pairs: readonly (readonly [string, T])[],
  textOf: (value: T) => string,
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const [host, value] of pairs) {
    const text = textOf(value);
    groups.set(text, [...(groups.get(text) ?? []), host]);
  }
  return [...groups].map(([text, hosts]) => [text, hosts.sort()] as const);
}
