import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withProof } from '../../lab/law/proof.ts';
import { type HapbRun, hapb, labInventory } from '../../lab/rig/hapb.ts';
import { differences, diskOf, lab, loadState, projectFolder, stateKey } from '../../lab/rig/lab.ts';
import { mayBeUnknown } from '../foreseeable.ts';
import { type Compared, compare, forecastTable } from './forecast.ts';

const playbook = 'playbooks/ha-control-plane.yml';
const nodes = ['cp1', 'cp2', 'cp3'];
const key = stateKey(playbook, 'playbooks/vars/ha-control-plane.yml', 'test/lab/lib/inventory.sh');

/** One for all states: what the first run fetched to the controller is there in the later ones. */
let place: { readonly folder: string; readonly inventory: string } | null = null;

async function run(file: string, ...words: readonly string[]): Promise<HapbRun> {
  place ??= await labInventory();
  return hapb('run', file, '-i', place.inventory, ...words);
}

/** The playbook up to where the other nodes join, beside the files that it reads. */
function firstNodeOnly(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-states-'));
  cpSync(join(projectFolder, 'playbooks'), folder, { recursive: true });
  const file = join(folder, 'ha-control-plane.yml');
  const text = readFileSync(file, 'utf8');
  const end = text.indexOf('    - name: Join the control plane');
  expect(end).toBeGreaterThan(0);
  writeFileSync(file, text.slice(0, end));
  return file;
}

/** How each state is made of the one before; the last is what a run has left. */
const states = {
  bare: async (): Promise<void> => {
    await lab('up', '3');
  },
  complete: async (): Promise<void> => {},
  prepared: async (): Promise<void> => {
    if (await loadState('prepared', key)) return;
    await lab('up', '3');
    const made = await run(playbook, '--tags', 'prepare,images');
    expect(made.exitCode, made.out + made.err).toBe(0);
    await lab('save', 'prepared', '--key', key);
  },
  initialised: async (): Promise<void> => {
    await loadState('prepared', key);
    const made = await run(firstNodeOnly());
    expect(made.exitCode, made.out + made.err).toBe(0);
  },
};

const seen: (readonly [string, readonly Compared[]])[] = [];

describe('the forecast of the shipped playbook', () => {
  afterAll(async () => {
    await lab('down');
    const order = ['bare', 'prepared', 'initialised', 'complete'];
    const table = forecastTable(seen.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
    console.log(table.join('\n'));
    const page = process.env.HAPB_LAW_PAGE;
    if (page === undefined || seen.length < Object.keys(states).length) return;
    const path = join(projectFolder, page);
    writeFileSync(path, withProof(readFileSync(path, 'utf8'), 'playbook', table));
  });

  describe.each(Object.entries(states))('on nodes that are %s', (state, make) => {
    let compared: readonly Compared[];

    beforeAll(make);

    it('comes true in every task on every host, and changes nothing itself', async () => {
      const before = await Promise.all(nodes.map(diskOf));
      const plan = join(mkdtempSync(join(tmpdir(), 'hapb-plan-')), 'plan.jsonl');
      const check = await run(playbook, '--check', '--diff', '--save', plan);
      const after = await Promise.all(nodes.map(diskOf));
      if (state === 'bare' || state === 'prepared')
        expect(before.map((disk, at) => differences(disk, after[at] ?? new Map()))).toEqual([[], [], []]);
      // Held to the plan, each change must also be the same as was shown.
      const done = await run(playbook, '--plan', plan);
      compared = compare(check, done);
      seen.push([state, compared]);
      expect(done.exitCode, done.out + done.err).toBe(0);
      expect(compared.filter(({ verdict }) => verdict === 'differs').map(({ words }) => words)).toEqual([]);
    });

    it('is unknown only where a reason says why it must be', () => {
      const unknown = compared.filter(({ verdict }) => verdict === 'unknown');
      expect(unknown.filter(({ task }) => mayBeUnknown[task] === undefined)).toEqual([]);
      if (state === 'complete') expect(unknown).toEqual([]);
    });
  });
});
