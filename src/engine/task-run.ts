import type { Outcome } from '../core/outcome.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Run } from './run.ts';

/** A task on a host: everything but waiting, and before its failure is judged. */
export interface TaskRun {
  readonly run: Run;
  readonly task: PlanTask;
  readonly host: string;
  /** As events name it: a handler's node is one per flush. */
  readonly node: string;
  /** The names that count now: facts that one item has set count for the next. */
  readonly scope: () => Scope;
  /** The names that lead to another host. */
  readonly scopeOf: (host: string) => Scope;
  readonly playHosts: readonly string[];
  /** Folders in which relative names of files are looked up. */
  readonly folders: readonly string[];
  /** Told of each item that has ended before the next begins, and of a task without a loop. */
  readonly ended: (part: TaskPart) => void;
}

/** How one item ended, or a task without a loop, and the names that counted for it. */
export interface TaskPart extends Attempted {
  readonly scope: Scope;
}

/** What came of a task on a host. */
export interface TaskEnd extends Attempted {
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
  /** The inventory host whose variables count. */
  readonly host: string;
  readonly scope: Scope;
  /** The names that lead to another host, for a delegated task. */
  readonly scopeOf: (host: string) => Scope;
  readonly playHosts: readonly string[];
  /** Folders in which relative names of files are looked up, nearest first. */
  readonly folders: readonly string[];
  readonly progress: (text: string) => void;
}

/** How a go ended, and on which other host it ran. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly delegate: string | null;
}
