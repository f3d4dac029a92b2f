/** tar tells of a write that was cut short without the reason, unzip asks for it. */
const full = /no space left on device|wrote only \d+ of \d+ bytes|\(disk full\?\)/i;
const overQuota = /disk quota exceeded/i;

/** What to do about a full disk. */
export const fullDiskHint = 'Free some space on the host, then run the same command again.';

/** What a program's words say about the disk; `null`: nothing. */
export function fullDisk(output: string): string | null {
  if (full.test(output)) return 'no space left on device';
  return overQuota.test(output) ? 'disk quota exceeded' : null;
}

/** A failure's words with their cause and what to do, where the output says that the disk is full; else as they are. */
export function withFullDisk<T extends { readonly message: string; readonly hint: string }>(
  problem: T,
  output: string,
): T {
  const cause = fullDisk(output);
  if (cause === null) return problem;
  return { ...problem, message: `${problem.message}: ${cause}`, hint: fullDiskHint };
}
