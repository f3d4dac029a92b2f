import { setTimeout as sleep } from 'node:timers/promises';

/** How long and how often to look. */
export interface WaitTimes {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly delayMs: number;
  /** For how long it must stay reached. */
  readonly stableMs: number;
  readonly signal: AbortSignal;
  /** Told what was seen, at the first look and whenever it changes. */
  readonly onLook: (seen: string, elapsedMs: number) => void;
}

/** How the wait ended. `seen`: what was seen last. */
export interface WaitEnd {
  readonly reached: boolean;
  readonly seen: string;
  readonly elapsedMs: number;
}

/** Looks until it is so, and stays so, or the time is up. */
export async function waitUntil(
  look: () => Promise<{ readonly reached: boolean; readonly seen: string }>,
  times: WaitTimes,
): Promise<WaitEnd> {
  const startMs = Date.now();
  let reachedAtMs: number | null = null;
  let told = '';
  await sleep(times.delayMs, undefined, { signal: times.signal });
  for (;;) {
    const { reached, seen } = await look();
    const nowMs = Date.now();
    const elapsedMs = nowMs - startMs;
    reachedAtMs = reached ? (reachedAtMs ?? nowMs) : null;
    if (reachedAtMs !== null && nowMs - reachedAtMs >= times.stableMs)
      return { reached: true, seen, elapsedMs };
    if (elapsedMs >= times.timeoutMs) return { reached: false, seen, elapsedMs };
    if (seen !== told) times.onLook(seen, elapsedMs);
    told = seen;
    await sleep(times.intervalMs, undefined, { signal: times.signal });
  }
}
