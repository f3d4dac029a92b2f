import { Failure, type Problem } from '../core/failure.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Alone } from './call.ts';
import { number } from './conditions.ts';

/** How long something may take, and what to say when it takes longer; `null` seconds: as long as it likes. */
export interface Limit {
  readonly seconds: number | null;
  readonly problem: Problem;
}

/** Does work that ends at a limit with the limit's problem. The signal that the work gets also ends with `signal`. @throws Failure */
export async function withLimit<T>(
  signal: AbortSignal,
  limit: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limit.seconds === null) return work(signal);
  // Not AbortSignal.timeout with AbortSignal.any: those may be collected before they fire.
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', stop);
  let state: 'within' | 'over' = 'within';
  const timer = setTimeout(() => {
    state = 'over';
    controller.abort();
  }, limit.seconds * 1000);
  const over = (): boolean => state === 'over';
  try {
    const done = await work(controller.signal);
    // Work that was cut off may also end with an outcome that says so.
    if (over()) throw new Failure(limit.problem);
    return done;
  } catch (thrown) {
    throw over() ? new Failure(limit.problem) : thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** `timeout`, where 0 and nothing mean none, or `async` of a module that cannot go on alone. @throws Failure */
export function limitOf(task: PlanTask, scope: Scope, alone: Alone | null): Limit {
  const template = task.inherited.nearest.timeout;
  const seconds = number(template, scope) ?? 0;
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
