import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../e2e/states/forecast.ts';
import { hapb, labInventory } from '../rig/hapb.ts';
import { lab, onNode } from '../rig/lab.ts';

const folder = join(import.meta.dirname, 'chains');
const all = readdirSync(folder).filter((name) => name.endsWith('.yml'));
// Where only a sample of the start states is held to the law, a third of these will do.
const files = all.filter((_, index) => process.env.HAPB_LAW_SAMPLE === undefined || index % 3 === 0);

/** The lines of a playbook that begin with `#!` make its start state: sh, run as root in /srv/chains. */
function setupOf(file: string): string {
  const lines = readFileSync(file, 'utf8').match(/^#! .*$/gm) ?? [];
  return [
    'rm -rf /srv/chains',
    'mkdir /srv/chains',
    'cd /srv/chains',
    ...lines.map((line) => line.slice(3)),
  ].join('\n');
}

/** Playbooks whose tasks build on what tasks before them would do, made to lead check into a certain and wrong answer. */
describe('a check of tasks that build on one another', () => {
  let inventory: string;

  beforeAll(async () => {
    await lab('up', '1');
    ({ inventory } = await labInventory());
  });
  afterAll(() => lab('down'));

  it.each(files)('says of %s nothing that does not come true', async (name) => {
    const file = join(folder, name);
    await onNode('cp1', setupOf(file));
    const plan = join(inventory, '..', `${name}.plan`);
    const check = await hapb('run', file, '-i', inventory, '--check', '--save', plan);
    // Held to the plan, what is changed must also be what was shown.
    const run = await hapb('run', file, '-i', inventory, '--plan', plan);
    const compared = compare(check, run);
    expect(compared.length, check.out + check.err).toBeGreaterThan(3);
    expect(compared.filter(({ verdict }) => verdict === 'differs').map(({ words }) => words)).toEqual([]);
    expect(run.out).not.toContain('HAPB7080');
  });
});
