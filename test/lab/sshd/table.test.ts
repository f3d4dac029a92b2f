import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../rig/lab.ts';
import { groups, page } from './page.ts';
import { play } from './row.ts';

describe.each(groups)('%s, on a real sshd', (_title, rows) => {
  it.concurrent.each(rows.map((row) => [row.demand, row.outcome, row] as const))(
    '%s: %s',
    async (_demand, outcome, row) => {
      const { exitCode, said } = await play(row);
      const codes = [...new Set(said.match(/HAPB\d{4}/g) ?? [])];
      if (outcome === 'works') expect({ exitCode, codes }, said).toEqual({ exitCode: 0, codes: [] });
      else expect(codes, said).toEqual([outcome]);
      if (row.says !== undefined) expect(said).toMatch(row.says);
    },
  );
});

it('docs/ssh.md tells of each', async () => {
  await expect(page()).toMatchFileSnapshot(join(projectFolder, 'docs/ssh.md'));
});
