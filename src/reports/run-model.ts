import type { Diagnostic } from '../core/diagnostic.ts';
import type { Tally } from '../core/tally.ts';
import type { Event, LeftChange, NodeId, TaskNode } from '../events/event.ts';

type Finished = Extract<Event, { type: 'task.finished' }>;
type ItemFinished = Extract<Event, { type: 'item.finished' }>;

/** A whole run, as reports that look back on it read it. */
export interface RunModel {
  readonly playbooks: readonly string[];
  readonly mode: 'apply' | 'check';
  readonly startMs: number;
  readonly endMs: number;
  /** `null`: the log ends before the run did. */
  readonly exitCode: number | null;
  readonly hosts: readonly string[];
  readonly plays: readonly PlayModel[];
  readonly diagnostics: readonly Diagnostic[];
  readonly recap: Readonly<Record<string, Tally>>;
  /** What the plan foresaw that the run is held to, and what it did not come to. */
  readonly left: readonly LeftChange[];
}

/** One play (or one batch of it). */
export interface PlayModel {
  readonly name: string;
  readonly startMs: number;
  readonly tasks: readonly TaskModel[];
  readonly barriers: readonly { readonly name: string; readonly atMs: number }[];
  readonly aborted: string | null;
}

/** What one task did, on all hosts. */
export interface TaskModel {
  readonly node: TaskNode;
  readonly ends: readonly { readonly startMs: number; readonly end: Finished }[];
  readonly items: readonly ItemFinished[];
}

interface Task {
  readonly node: TaskNode;
  readonly ends: { startMs: number; end: Finished }[];
  readonly items: ItemFinished[];
}

interface Play {
  readonly name: string;
  readonly startMs: number;
  readonly tasks: Map<NodeId, Task>;
  readonly barriers: { name: string; atMs: number }[];
  aborted: string | null;
}

/** Folds a log into a run. */
export function modelOf(events: readonly Event[]): RunModel {
  const plays: Play[] = [];
  const started = new Map<string, number>();
  const diagnostics: Diagnostic[] = [];
  let head = {
    playbooks: [] as readonly string[],
    mode: 'apply' as 'apply' | 'check',
    hosts: [] as readonly string[],
  };
  let exitCode: number | null = null;
  let recap: Readonly<Record<string, Tally>> = {};
  let left: readonly LeftChange[] = [];
  for (const event of events) {
    const play = plays.at(-1);
    switch (event.type) {
      case 'run.started':
        head = { playbooks: event.playbooks, mode: event.mode, hosts: event.hosts };
        break;
      case 'play.started': {
        const tasks = new Map(event.tasks.map((node) => [node.id, emptyTask(node)]));
        plays.push({ name: event.name, startMs: event.atMs, tasks, barriers: [], aborted: null });
        break;
      }
      case 'tasks.added':
        for (const node of event.tasks) play?.tasks.set(node.id, emptyTask(node));
        break;
      case 'task.named': {
        const task = play?.tasks.get(event.node);
        if (task !== undefined)
          play?.tasks.set(event.node, { ...task, node: { ...task.node, title: event.title } });
        break;
      }
      case 'task.started':
        started.set(`${event.node} ${event.host}`, event.atMs);
        break;
      case 'item.finished':
        play?.tasks.get(event.node)?.items.push(event);
        break;
      case 'task.finished': {
        const startMs = started.get(`${event.node} ${event.host}`) ?? event.atMs - event.durationMs;
        play?.tasks.get(event.node)?.ends.push({ startMs, end: event });
        break;
      }
      case 'barrier.opened':
        play?.barriers.push({ name: event.name, atMs: event.atMs });
        break;
      case 'play.aborted':
        if (play !== undefined) play.aborted = event.reason;
        break;
      case 'diagnostic':
        diagnostics.push(event.diagnostic);
        break;
      case 'plan.left':
        left = event.changes;
        break;
      case 'run.finished':
        exitCode = event.exitCode;
        recap = event.recap;
        break;
      default:
        break;
    }
  }
  return {
    ...head,
    startMs: events[0]?.atMs ?? 0,
    endMs: events.at(-1)?.atMs ?? 0,
    exitCode,
    plays: plays.map((play) => ({
      ...play,
      tasks: [...play.tasks.values()].filter(({ ends }) => ends.length > 0),
    })),
    diagnostics,
    recap,
    left,
  };
}

function emptyTask(node: TaskNode): Task {
  return { node, ends: [], items: [] };
}
