import { describe, expect, it } from 'vitest';
import { pass } from '../../../src/core/pass.ts';

describe('pass', () => {
  it('lets no less time pass than was asked for', async () => {
    const short: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      const startMs = performance.now();
      await pass(3, new AbortController().signal);
      const tookMs = performance.now() - startMs;
      if (tookMs < 3) short.push(tookMs);
    }
    expect(short).toEqual([]);
  });

  it('ends at once when it is told to', async () => {
    const cut = new AbortController();
    const waiting = pass(60_000, cut.signal);
    cut.abort();
    await expect(waiting).rejects.toThrow('abort');
  });
});
