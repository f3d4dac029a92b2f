import { pass } from '../../core/pass.ts';

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

/** How the wait ended: with what was seen last. It is only reached when it stayed so. */
export interface WaitEnd<Look> {
  readonly last: Look;
  readonly elapsedMs: number;
}

/** Looks until it is so, and stays so, or the time is up. */
export async function waitUntil<Look extends { readonly reached: boolean; readonly seen: string }>(
  look: () => Promise<Look>,
  times: WaitTimes,
): Promise<WaitEnd<Look>> {
  const startMs = performance.now();
  let reachedAtMs: number | null = null;
  let told = '';
  await pass(times.delayMs, times.signal);
  for (;;) {
    const last = await look();
    const { reached, seen } = last;
    const nowMs = performance.now();
    const elapsedMs = nowMs - startMs;
    reachedAtMs = reached ? (reachedAtMs ?? nowMs) : null;
    if (reachedAtMs !== null && nowMs - reachedAtMs >= times.stableMs) return { last, elapsedMs };
    if (elapsedMs >= times.timeoutMs) return { last: { ...last, reached: false }, elapsedMs };
    if (seen !== told) times.onLook(seen, elapsedMs);
    told = seen;
    await pass(times.intervalMs, times.signal);
  }
}
