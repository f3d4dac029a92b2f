import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions, Gates, type Position } from '../../../src/core/gates.ts';

const waiting = (wait: () => Promise<void>): Promise<void> => wait();
const quiet = { onMove: () => {}, broken: () => false, waiting };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('positions', () => {
  it('put the handlers of a flush behind the flush and before the next node', () => {
    expect(comparePositions([4], [4, 0, 0])).toBeLessThan(0);
    expect(comparePositions([4, 0, 2], [4, 1, 0])).toBeLessThan(0);
    expect(comparePositions([4, 9, 9], [5])).toBeLessThan(0);
  });
});

describe('meeting', () => {
  it('waits for a host that is still before the place, and not for one that has left', async () => {
    const gates = new Gates(['cp1', 'cp2', 'cp3'], quiet);
    let met = false;
    gates.enter('cp1', [5]);
    gates.enter('cp2', [3]);
    void gates.meet('cp1', [5]).then(() => {
      met = true;
    });
    await turn();
    expect(met).toBe(false);
    gates.leave('cp3');
    await turn();
    expect(met).toBe(false);
    gates.enter('cp2', [6]);
    await turn();
    expect(met).toBe(true);
  });

  it('ends at once when the play was stopped', async () => {
    let stopped = false;
    const gates = new Gates(['cp1', 'cp2'], { ...quiet, broken: () => stopped });
    const met = gates.meet('cp1', [5]);
    stopped = true;
    gates.wake();
    await expect(met).resolves.toBeUndefined();
  });
});

describe('throttle', () => {
  it('admits in inventory order though a later host comes first', async () => {
    const gates = new Gates(['cp1', 'cp2', 'cp3'], quiet);
    const order: string[] = [];
    const go = async (host: string): Promise<void> => {
      gates.enter(host, [1]);
      const release = await gates.admit(host, [1], 1);
      order.push(host);
      await turn();
      release();
      gates.enter(host, [2]);
    };
    await Promise.all([go('cp3'), go('cp2'), turn().then(() => go('cp1'))]);
    expect(order).toEqual(['cp1', 'cp2', 'cp3']);
  });

  it('never lets more in than the limit and never forgets one, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (arrival, limit) => {
          const gates = new Gates(['a', 'b', 'c', 'd', 'e'], quiet);
          let inside = 0;
          let most = 0;
          const passed: string[] = [];
          const go = async (host: string): Promise<void> => {
            gates.enter(host, [1]);
            const release = await gates.admit(host, [1], limit);
            inside++;
            most = Math.max(most, inside);
            await turn();
            inside--;
            release();
            passed.push(host);
            gates.leave(host);
          };
          await Promise.all(arrival.map(go));
          expect(most).toBeLessThanOrEqual(limit);
          expect(passed.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the lowest position', () => {
  it('is told at each move, and null when nobody is left', () => {
    const lowest: (Position | null)[] = [];
    const gates = new Gates(['cp1', 'cp2'], {
      ...quiet,
      onMove: (position) => lowest.push(position),
      broken: () => false,
    });
    gates.enter('cp1', [2]);
    gates.enter('cp2', [1]);
    gates.leave('cp2');
    gates.leave('cp1');
    expect(lowest).toEqual([[1], [2], null]);
  });
});
