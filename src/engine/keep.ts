import type { KeptEnd } from '../events/kept.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Lane } from './play-run.ts';
import type { TaskEnd } from './task-run.ts';
import { scopeOf } from './task-scope.ts';

/** The end that a task had on this host in the run which this one goes on with; `null`: it has to be run. */
export function endBefore(lane: Lane, task: PlanTask, before: KeptEnd | null): TaskEnd | null {
  if (before === null || mustRun(task, before)) return null;
  const { outcome, delegate, looped } = before;
  const part = { outcome, delegate, grown: null, scope: scopeOf(lane, task), names: {}, label: null };
  return { outcome, delegate, looped, parts: looped ? [] : [part] };
}

/** What a task changed in the run before it changed for this one too: its handlers may be waiting. */
export function withChangeBefore<E extends TaskEnd>(end: E, before: KeptEnd | null): E {
  if (before?.outcome.kind !== 'changed' || end.outcome.kind !== 'ok') return end;
  return { ...end, outcome: { kind: 'changed', change: null, output: end.outcome.output } };
}

/** What does its work in the run itself, what is read and not known whole, and loops whose items set or notify something. */
function mustRun(task: PlanTask, { outcome, looped, whole }: KeptEnd): boolean {
  const { growth, meta, module, register, inherited } = task;
  if (growth !== null || meta !== null || module.name === 'set_fact') return true;
  if (module.traits?.includes('inventory') === true) return true;
  if (whole === 'no' && (register !== null || 'ansible_facts' in outcome.output)) return true;
  return looped && (module.facts !== undefined || inherited.notify.some(({ constant }) => !constant));
}
