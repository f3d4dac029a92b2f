import { Failure, type Problem } from '../../core/failure.ts';

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
