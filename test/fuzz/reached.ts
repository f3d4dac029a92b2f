/** How often one input may come to a branch before it counts as often. */
const often = 128;
const counts = new Uint8Array(65_536);
/** The most powers of two of visits that any input made. */
const best = new Uint8Array(65_536);
let news = 0;

/**
 * Counts a visit of a branch. New is a branch that no input came to before, or twice, four times … as often as any before
 * it: so loops count too.
 */
function reached(branch: number): void {
  const count = counts[branch] ?? 0;
  if (count >= often) return;
  const now = count + 1;
  counts[branch] = now;
  if ((now & (now - 1)) !== 0 || now <= (best[branch] ?? 0)) return;
  best[branch] = now;
  news += 1;
}

/** For the calls that `instrument.ts` weaves in. */
(globalThis as { __reached?: typeof reached }).__reached = reached;

/** Whether the inputs since the last call came to anything new. */
export function cameToNew(): boolean {
  const fresh = news > 0;
  news = 0;
  counts.fill(0);
  return fresh;
}

/** How many branches all inputs came to. */
export function branchesReached(): number {
  return best.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
}
