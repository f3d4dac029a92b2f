/** Smaller inputs that `fails` still says true of: pieces are taken out as long as that is so, or time is up. */
export async function minimise(
  input: Buffer,
  fails: (smaller: Buffer) => Promise<boolean>,
  deadlineMs: number,
): Promise<Buffer> {
  const end = performance.now() + deadlineMs;
  let best = input;
  for (let size = Math.ceil(best.length / 2); size >= 1 && performance.now() < end; ) {
    const before = best.length;
    for (let at = 0; at < best.length && performance.now() < end; ) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (await fails(smaller)) best = smaller;
      else at += size;
    }
    if (best.length === before || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}
