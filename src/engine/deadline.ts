import { Failure, type Problem } from '../core/failure.ts';
import { waitable } from '../core/timer-limit.ts';
import type { Alone } from '../modules/host/alone.ts';
import type { Limit } from '../modules/host/limit.ts';
import type { PlanTask } from '../plan/plan.ts';
import { number } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';

/** `timeout`, where 0 and nothing mean none, or `async` of a module that cannot go on alone. @throws Failure */
export function limitOf(task: PlanTask, scope: Scope, alone: Alone | null): Limit {
  const template = task.inherited.nearest.timeout;
  const seconds = waitable(number(template, scope) ?? 0, '"timeout"', template?.span);
  if (seconds < 0) {
    const hint = 'Write a number of seconds, or 0 for none.';
    const problem: Problem = { code: 'HAPB7042', message: '"timeout" cannot be negative', hint };
    throw new Failure(problem, template?.span ?? null);
  }
  const byAsync = alone === null || task.module.alone !== undefined ? 0 : alone.seconds;
  const keyword = seconds > 0 && (byAsync === 0 || seconds < byAsync) ? 'timeout' : 'async';
  const least = keyword === 'timeout' ? seconds : byAsync;
  const problem: Problem = {
    code: 'HAPB7072',
    message: `it took longer than its ${keyword} of ${least} s`,
    hint: `What it had begun on the host was ended. Raise "${keyword}" if it only needs longer.`,
    output: { timedout: { period: least }, msg: `Timed out after ${least} second(s).` },
  };
  return { seconds: least === 0 ? null : least, problem };
}

/** What a task's `async` and `poll` say; `null`: nothing. @throws Failure */
export function aloneOf(task: PlanTask, scope: Scope): Alone | null {
  const seconds = waitable(number(task.async, scope) ?? 0, '"async"', task.async?.span);
  if (seconds <= 0) return null;
  return { seconds, waits: (number(task.poll, scope) ?? 15) > 0 ? 'yes' : 'no' };
}
