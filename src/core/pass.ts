import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets at least that long pass by the monotonic clock (`performance.now()`): a timer of its own may ring a part of
 * a millisecond early, and whoever counts whole seconds then counts one less. Rejects when `signal` is aborted.
 */
export async function pass(durationMs: number, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + durationMs;
  for (let leftMs = durationMs; leftMs > 0; leftMs = endMs - performance.now())
    await sleep(Math.ceil(leftMs), undefined, { signal });
}
