import type { Verdict } from '../events/event.ts';
import type { PlanTask } from '../plan/plan.ts';
import { flag, number, surely } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import type { Place } from './frame.ts';
import { concernsAll } from './meta.ts';
import { abort, type Fall, type Lane, type PlayRun } from './play-run.ts';
import { playScope } from './play-scope.ts';
import { scopeOf } from './task-scope.ts';

/** Some tasks run for all hosts at once without being told to. */
export function runsOnce({ playRun }: Lane, { module, meta, inherited }: PlanTask, scope: Scope): boolean {
  const byItself = concernsAll(meta) || module.traits?.includes('first-host') === true;
  return (byItself && playRun.play.strategy === 'linear') || flag(inherited.nearest.run_once, scope, false);
}

/** What a failure means for the other hosts; where they do not go in step, one that is rescued means nothing. */
export function spread(
  lane: Lane,
  task: PlanTask,
  { place, verdict }: { readonly place: Place; readonly verdict: Verdict },
): void {
  lane.felt.add(place.position.join('.'));
  if (verdict === 'rescued' && lane.playRun.play.strategy !== 'linear') return;
  if (isFatal(lane, task) || runsOnce(lane, task, scopeOf(lane, task)))
    fall(lane, place, {
      reason: `'${task.title}' failed on ${lane.host.name}`,
      twice: twiceFor(lane, task),
    });
}

/** Makes a failure every host's: at once where they do not go in step, since what the others say then only follows from it. */
export function fall({ playRun }: Lane, { position }: Place, what: Fall): void {
  if (playRun.play.strategy !== 'linear') {
    abort(playRun, what.reason);
    return;
  }
  const key = position.join('.');
  if (!playRun.falls.has(key)) playRun.falls.set(key, what);
}

/** How often the other hosts of the task fail with it. */
export function twiceFor(lane: Lane, task: PlanTask): Fall['twice'] {
  return flag(task.inherited.nearest.run_once, scopeOf(lane, task), false) ? 'yes' : 'no';
}

/** Whether one host's failure is every host's; where only a run tells, the others go on. */
export function isFatal(lane: Lane, task: PlanTask): boolean {
  return surely(task.inherited.nearest.any_errors_fatal, scopeOf(lane, task));
}

/** A host drops out for good. */
export function hostLeft(lane: Lane, health: 'failed' | 'unreachable'): void {
  const { playRun, host } = lane;
  host.health = health;
  playRun.left.add(host.name);
  if (health === 'failed') playRun.failedHosts.add(host.name);
  judgeFailures(playRun, lane);
}

/** `max_fail_percentage` must be exceeded, counted per batch. */
function judgeFailures(playRun: PlayRun, lane: Lane): void {
  const { maxFailPercentage } = playRun.play;
  if (maxFailPercentage === null) return;
  const limit = number(maxFailPercentage, playScope(playRun, lane.host));
  const share = (playRun.failedHosts.size / playRun.batch.length) * 100;
  if (limit !== null && share > limit) {
    abort(
      playRun,
      `${playRun.failedHosts.size} of ${playRun.batch.length} hosts failed, more than ${limit} %`,
    );
  }
}
