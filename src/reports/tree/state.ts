import type { Outcome } from '../../core/outcome.ts';
import { isOwnSkip } from '../../core/skip-words.ts';
import { type Event, type NodeId, rename, type TaskNode } from '../../events/event.ts';

type Finished = Extract<Event, { type: 'task.finished' }>;
type ItemFinished = Extract<Event, { type: 'item.finished' }>;

/** A host at work on a task. */
export interface Running {
  readonly sinceMs: number;
  /** What it printed last, or what it waits for; empty: nothing yet. */
  readonly text: string;
}

/** One task as the tree shows it, all hosts together. */
export interface TreeTask {
  readonly node: TaskNode;
  readonly startedMs: number;
  readonly running: Map<string, Running>;
  readonly finished: Finished[];
  readonly items: ItemFinished[];
  /** Hosts that wait at a barrier. */
  readonly waiting: Set<string>;
}

/** Tasks that began and are not closed, in the order in which they began, and how many hosts the play has. */
export interface TreeState {
  readonly active: Map<NodeId, TreeTask>;
  hostCount: number;
}

/** Nothing has begun. */
export function emptyTree(): TreeState & { readonly nodes: Map<NodeId, TaskNode> } {
  return { active: new Map(), nodes: new Map(), hostCount: 0 };
}

/** Takes one event into the state. Gives the tasks that are over now and leave the live part of the screen. */
export function foldTree(state: ReturnType<typeof emptyTree>, event: Event): readonly TreeTask[] {
  switch (event.type) {
    case 'play.started': {
      const over = takeAll(state);
      state.nodes.clear();
      for (const node of event.tasks) state.nodes.set(node.id, node);
      state.hostCount = event.hosts.length;
      return over;
    }
    case 'tasks.added':
      for (const node of event.tasks) state.nodes.set(node.id, node);
      return [];
    case 'task.named':
      rename(state.nodes, event);
      return [];
    case 'task.started':
      taskOf(state, event)?.running.set(event.host, { sinceMs: event.atMs, text: '' });
      return [];
    case 'task.progress': {
      const running = state.active.get(event.node)?.running;
      const before = running?.get(event.host);
      if (before !== undefined)
        running?.set(event.host, { ...before, text: lastLine(event.text) ?? before.text });
      return [];
    }
    case 'task.retrying': {
      const text = `retrying, ${event.retriesLeft} left`;
      const running = state.active.get(event.node)?.running;
      const before = running?.get(event.host);
      if (before !== undefined) running?.set(event.host, { ...before, text });
      return [];
    }
    case 'item.finished':
      taskOf(state, event)?.items.push(event);
      return [];
    case 'task.finished': {
      if (isQuiet(event.outcome) && !state.active.has(event.node)) return [];
      const task = taskOf(state, event);
      task?.running.delete(event.host);
      task?.finished.push(event);
      return [];
    }
    case 'barrier.waiting':
      taskOf(state, event)?.waiting.add(event.host);
      return [];
    case 'node.closed': {
      const task = state.active.get(event.node);
      state.active.delete(event.node);
      return task === undefined ? [] : [task];
    }
    case 'run.finished':
      return takeAll(state);
    case 'run.started':
    case 'files.read':
    case 'plan.left':
    case 'play.aborted':
    case 'run.stopping':
    case 'play.no-hosts':
    case 'host.connected':
    case 'task.silent':
    case 'included':
    case 'host.goes-on':
    case 'barrier.opened':
    case 'handler.notified':
    case 'diagnostic':
      return [];
  }
}

/** A task that another host does, or that a lost host did not do, shows nothing. */
function isQuiet(outcome: Outcome): boolean {
  return outcome.kind === 'skipped' && !isOwnSkip(outcome.because);
}

function taskOf(
  state: ReturnType<typeof emptyTree>,
  event: Event & { readonly node: NodeId },
): TreeTask | null {
  const known = state.active.get(event.node);
  if (known !== undefined) return known;
  const node = state.nodes.get(event.node);
  if (node === undefined) return null;
  const task: TreeTask = {
    node,
    startedMs: event.atMs,
    running: new Map(),
    finished: [],
    items: [],
    waiting: new Set(),
  };
  state.active.set(event.node, task);
  return task;
}

function takeAll(state: TreeState): readonly TreeTask[] {
  const over = [...state.active.values()];
  state.active.clear();
  return over;
}

function lastLine(text: string): string | null {
  return (
    text
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? null
  );
}
