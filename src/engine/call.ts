import type { Change } from '../core/change.ts';
import type { Alone } from '../modules/host/alone.ts';
import type { Site } from '../modules/host/asking.ts';
import type { Cause } from '../modules/host/cause.ts';
import type { TaskContext } from '../modules/module.ts';
import type { PlanTask } from '../plan/plan.ts';

/** One call of a module: what with, where, and what shows its progress. */
export interface Call {
  readonly task: PlanTask;
  /** The task, in the reasons of others. */
  readonly cause: Cause;
  readonly args: object;
  readonly context: TaskContext;
  readonly site: Site;
  readonly progress: (text: string) => void;
  /** How often a lost connection has cut it so far. */
  readonly cuts: number;
  /** `async`; `null`: it is followed from here. */
  readonly alone: Alone | null;
  /** See RunSettings. */
  readonly dates: 'no' | 'yes';
  /** Asked before a change is made. @throws Unforeseen when the run is held to a plan that does not have it */
  readonly allow: (wanted: Change) => void;
}
