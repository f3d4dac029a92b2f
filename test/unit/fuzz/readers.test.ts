import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputsFor } from '../../fuzz/inputs.ts';
import { maxMs, timed } from '../../fuzz/target.ts';
import { targets } from '../../fuzz/targets/all.ts';

/** Fixed, so that a failure here comes from a change. `npm run fuzz` takes a new one each time. */
const seed = 20_260;

test.each(targets.map((target) => [target.name, target] as const))(
  '%s: any input is read or refused with a diagnostic, within a second',
  async (name, target) => {
    await fc.assert(
      fc.asyncProperty(inputsFor(target), async (input) => {
        expect(await timed(target, input)).toBeLessThan(maxMs);
      }),
      { seed, numRuns: name.startsWith('probe ') ? 20 : 400, endOnFailure: false },
    );
  },
);
