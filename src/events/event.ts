import type { Diagnostic } from '../core/diagnostic.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Span } from '../core/source.ts';
import type { Tally } from '../core/tally.ts';
import type { Binding } from './binding.ts';

/** Names a node of the plan's tree, for example `0.3` (play 0, fourth task) or `0.3.1` inside a block. */
export type NodeId = string;

/** What a failed task led to: the host stops, the failure was ignored, or a rescue caught it. */
export type Verdict = 'final' | 'ignored' | 'rescued';

/** `task`: an ordinary one; `handler`: notified; `barrier`: where hosts wait for each other. */
export type NodeKind = 'task' | 'handler' | 'barrier';

/** One task as screens show it, announced when it becomes known. */
export interface TaskNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  /** `role : name` inside a role; the module's name when the task has none. */
  readonly title: string;
  readonly module: string;
  readonly span: Span;
}

/** Whether a node only steers the run: that it went well shows nothing and counts nothing. */
export function isSteering(node: TaskNode): boolean {
  return node.module === 'meta' || isInclude(node);
}

/** Takes the name that a node got on its way. */
export function rename(
  nodes: Map<NodeId, TaskNode>,
  named: { readonly node: NodeId; readonly title: string },
): void {
  const node = nodes.get(named.node);
  if (node !== undefined) nodes.set(named.node, { ...node, title: named.title });
}

/** Whether a node brings other tasks. */
function isInclude({ module }: TaskNode): boolean {
  return module === 'include_tasks' || module === 'include_role';
}

/** What a task cost on one host (`--profile`): what went over the host's connections from the task's begin to its end. */
export interface TaskCost {
  /** Writes to the host's shells; those of one turn travel together. */
  readonly roundTrips: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Milliseconds in which the host was asked something and had not answered. */
  readonly hostMs: number;
  /** Milliseconds of this machine's CPU since a task ended before, on whichever host: exact in sums. */
  readonly cpuMs: number;
}

/**
 * What a run that is held to a plan says of a task's end: that the plan did not know it, or that it foresaw a change which
 * was not needed any more.
 */
export type PlanNote =
  | { readonly kind: 'resolved'; readonly reason: string }
  | { readonly kind: 'unneeded'; readonly summary: string };

/** A change that a plan foresaw, and whose task never came in the run. */
export interface LeftChange {
  readonly host: string;
  readonly title: string;
  readonly span: Span;
  readonly summary: string;
}

/** All that leaves a run; the log of them is complete. JSON-safe. */
export type EventBody =
  | {
      readonly type: 'run.started';
      readonly schema: 1;
      readonly mode: 'apply' | 'check';
      readonly playbooks: readonly string[];
      readonly hosts: readonly string[];
      /** What a check that is saved as a plan belongs to. */
      readonly bound?: Binding;
    }
  /** Files of the project that a check which is saved as a plan read on its way, with their digests. */
  | { readonly type: 'files.read'; readonly files: Readonly<Record<string, string>> }
  /** The tasks of a play in order, as far as they are known when it starts. */
  | {
      readonly type: 'play.started';
      readonly play: NodeId;
      readonly name: string;
      readonly span: Span;
      readonly hosts: readonly string[];
      readonly tasks: readonly TaskNode[];
    }
  | {
      readonly type: 'play.no-hosts';
      readonly play: NodeId;
      readonly name: string;
      readonly span: Span;
      /** Why it is unknown whether there are any; absent: there are none. */
      readonly unknown?: string;
    }
  /** Hosts go on in a file or role that `node` includes, for the item of that label when it has a loop. */
  | {
      readonly type: 'included';
      readonly node: NodeId;
      readonly file: string;
      readonly hosts: readonly string[];
      readonly label: string | null;
    }
  /** Tasks that an include brought, or a flush of handlers. */
  | { readonly type: 'tasks.added'; readonly after: NodeId; readonly tasks: readonly TaskNode[] }
  /** What a node is called with the variables in its name filled in, for the first host that comes to it. */
  | { readonly type: 'task.named'; readonly node: NodeId; readonly title: string }
  | { readonly type: 'host.connected'; readonly host: string; readonly durationMs: number }
  | { readonly type: 'task.started'; readonly node: NodeId; readonly host: string }
  /** A line that a running task printed, or a sentence on what it waits for; empty where that is hidden (`no_log`). */
  | { readonly type: 'task.progress'; readonly node: NodeId; readonly host: string; readonly text: string }
  /** A running task has shown nothing for so long; said after 40 s, and again whenever that has doubled. */
  | {
      readonly type: 'task.silent';
      readonly node: NodeId;
      readonly host: string;
      readonly silentMs: number;
      /** The last line that it showed before; `null`: none. */
      readonly lastOutput: string | null;
    }
  | {
      readonly type: 'task.retrying';
      readonly node: NodeId;
      readonly host: string;
      readonly attempt: number;
      readonly retriesLeft: number;
    }
  | {
      readonly type: 'item.finished';
      readonly node: NodeId;
      readonly host: string;
      /** See `task.finished`. */
      readonly delegate: string | null;
      readonly label: string;
      readonly outcome: Outcome;
      readonly plan?: PlanNote;
    }
  | {
      readonly type: 'task.finished';
      readonly node: NodeId;
      /** Within includes and flushes: by which of their items the host came here. Absent: outside of both. */
      readonly way?: string;
      readonly host: string;
      /** Where it ran when delegated; else `null`. */
      readonly delegate: string | null;
      /** Whether the task had a loop; its items were reported by `item.finished`. */
      readonly looped: boolean;
      readonly outcome: Outcome;
      readonly verdict: Verdict;
      readonly durationMs: number;
      readonly plan?: PlanNote;
      /** With `--profile`. */
      readonly cost?: TaskCost;
    }
  /** Comes at most once, at the end. */
  | { readonly type: 'plan.left'; readonly changes: readonly LeftChange[] }
  /** Every host that takes part has passed or dropped out: nothing of this node comes any more. */
  | { readonly type: 'node.closed'; readonly node: NodeId }
  | { readonly type: 'barrier.waiting'; readonly node: NodeId; readonly host: string }
  /** With `--resume`: what the host did before is behind it, and it runs this task and those after it. */
  | { readonly type: 'host.goes-on'; readonly node: NodeId; readonly host: string }
  | {
      readonly type: 'barrier.opened';
      readonly node: NodeId;
      readonly name: string;
      readonly hosts: readonly string[];
    }
  | {
      readonly type: 'handler.notified';
      readonly handler: NodeId;
      readonly host: string;
      readonly by: NodeId;
    }
  /** The run was asked to end: nothing more starts. */
  | { readonly type: 'run.stopping' }
  | { readonly type: 'play.aborted'; readonly play: NodeId; readonly reason: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | {
      readonly type: 'run.finished';
      readonly exitCode: number;
      readonly durationMs: number;
      readonly recap: Readonly<Record<string, Tally>>;
    };

/** An event with its number (from 0) and its time in milliseconds since the Unix epoch. */
export type Event = { readonly seq: number; readonly atMs: number } & EventBody;

/** Folds events into something a person or a machine reads. It must not throw and never blocks the run. */
export interface Reporter {
  on(event: Event): void;
  close(): Promise<void>;
}
