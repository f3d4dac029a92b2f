import type { Outcome } from '../core/outcome.ts';
import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Behind } from '../modules/host/behind.ts';
import type { Cause } from '../modules/host/cause.ts';
import type { Grown, PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Run } from './run.ts';

/** A task on a host: everything but waiting, and before its failure is judged. */
export interface TaskRun {
  readonly run: Run;
  readonly task: PlanTask;
  readonly host: string;
  /** As events name it: a handler's node is one per flush. */
  readonly node: string;
  /** Of several tasks that could go on, the one with the lowest goes first. */
  readonly order: number;
  /** The names that count now: facts that one item has set count for the next. */
  readonly scope: () => Scope;
  /** The names that lead to another host. */
  readonly scopeOf: (host: string) => Scope;
  readonly playHosts: () => readonly string[];
  /** Folders in which relative names of files are looked up. */
  readonly folders: readonly string[];
  /** See Attempt. */
  readonly doubt: Unknown | null;
  /** Asks what comes next on the host ahead of its time: the items to come, then further tasks. */
  readonly ahead: (rest: Iterable<Scope>) => void;
  /** Told of each item that has ended before the next begins, and of a task without a loop. */
  readonly ended: (part: TaskPart) => void;
}

/** How one item ended, or a task without a loop, and the names that counted for it. */
export interface TaskPart extends Attempted {
  readonly scope: Scope;
  /** Those of the loop alone, and the item's label; without a loop empty and `null`. */
  readonly names: Readonly<Record<string, Value>>;
  readonly label: string | null;
}

/** What came of a task on a host. */
export interface TaskEnd extends Omit<Attempted, 'grown'> {
  readonly looped: boolean;
  readonly parts: readonly TaskPart[];
}

/** The end of a task and how long it took there. */
export type TimedEnd = TaskEnd & { readonly durationMs: number };

/** An end without items. */
export function endOf(outcome: Outcome): TaskEnd {
  return { outcome, delegate: null, looped: false, parts: [] };
}

/** One go at a task on a host, or at one item of its loop. */
export interface Attempt {
  readonly run: Run;
  readonly task: PlanTask;
  /** The task, in the reasons of others. */
  readonly cause: Cause;
  /** The inventory host whose variables count. */
  readonly host: string;
  readonly scope: Scope;
  /** The names that lead to another host, for a delegated task. */
  readonly scopeOf: (host: string) => Scope;
  readonly playHosts: () => readonly string[];
  /** Folders in which relative names of files are looked up, nearest first. */
  readonly folders: readonly string[];
  /** Why it is unknown whether the task runs at all; `null`: only its own conditions decide. */
  readonly doubt: Unknown | null;
  /** As events name the task. */
  readonly node: string;
  /** Of the item in its loop, from 0; `null`: no loop. */
  readonly index: number | null;
  /** What was asked behind the change of the item before, and what is to be asked behind this one's; `null`: nothing. */
  readonly before: Behind | null;
  readonly behind: Behind | null;
  readonly progress: (text: string) => void;
  /** Called when the host has to be waited for: asks what comes next ahead of its time. */
  readonly ahead: () => void;
}

/** How a go ended, and on which other host it ran; `null`: on none. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly delegate: string | null;
  /** What an include brings here; `null`: nothing. */
  readonly grown: Grown | null;
}
