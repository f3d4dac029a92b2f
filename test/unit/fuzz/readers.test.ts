import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputsFor } from '../../fuzz/inputs.ts';
import { maxMs, timed } from '../../fuzz/target.ts';
import { targets } from '../../fuzz/targets/all.ts';

/** Fixed, so that a failure here comes from a change. `npm run fuzz` takes a new one each time. */
const seed = 20_260;

/**
 * `npm run fuzz` allows a second. 57 kB of mistakes in YAML take 0.6 s of it here and went past it on a busy machine, where the
 * collector's threads count too; what is quadratic or hangs is found with a greater limit as well.
 */
const slowMachine = 8;

test.each(targets.map((target) => [target.name, target] as const))(
  '%s: any input is read or refused with a diagnostic, in little time',
  async (name, target) => {
    await fc.assert(
      fc.asyncProperty(inputsFor(target), async (input) => {
        expect(await timed(target, input)).toBeLessThan(slowMachine * maxMs);
      }),
      { seed, numRuns: name.startsWith('probe ') ? 20 : 400, endOnFailure: false },
    );
  },
);
