import { describe, expect, it } from 'vitest';
import { step } from '../../../../src/modules/general/steps.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';

describe('a step of a change', () => {
  const problem = { code: 'HAPB6003', message: 'cannot write it', hint: 'See below.' } as const;
  const failing = (stderr: string) =>
    step(fakeHost({ onRun: () => ({ exitCode: 1, stderr }) }), { sh: 'cp a b' }, problem);

  it('fails with what it printed, and with its hint', async () => {
    await expect(failing('cp: no\n')).rejects.toMatchObject({ problem: { ...problem, details: 'cp: no' } });
  });

  it('says that space is to be freed where the disk is full', async () => {
    await expect(failing("cp: error writing 'b': No space left on device\n")).rejects.toMatchObject({
      problem: {
        message: 'cannot write it: no space left on device',
        hint: 'Free some space on the host, then run the same command again.',
      },
    });
  });
});
