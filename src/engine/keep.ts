import type { KeptEnd } from '../events/kept.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Lane } from './play-run.ts';
import type { TaskEnd } from './task-run.ts';
import { scopeOf } from './task-scope.ts';

/** The end that a task had on this host in the run which this one goes on with; `null`: it has to be run. */
export function endBefore(lane: Lane, task: PlanTask, before: KeptEnd | null): TaskEnd | null {
  if (before === null || before.stands === 'no' || worksHere(task) || isRead(task, before)) return null;
  const { outcome, delegate, looped } = before;
  const part = { outcome, delegate, grown: null, scope: scopeOf(lane, task), names: {}, label: null };
  return { outcome, delegate, looped, parts: looped ? [] : [part] };
}

/** Whether a task does its work in the run itself. */
export function worksHere({ growth, meta, module }: PlanTask): boolean {
  if (growth !== null || meta !== null || module.name === 'set_fact') return true;
  return module.traits?.includes('inventory') === true;
}

/** What is read and not known whole, and loops whose items set or notify something. */
function isRead({ module, register, inherited }: PlanTask, { looped, whole }: KeptEnd): boolean {
  if (whole === 'no' && register !== null) return true;
  return looped && (module.facts !== undefined || inherited.notify.some(({ constant }) => !constant));
}
