import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allModules } from '../../../src/modules/registry.ts';
import { hapb, labInventory } from '../rig/hapb.ts';
import { differences, diskOf, lab, onNode, projectFolder, rememberNow, touchedSince } from '../rig/lab.ts';
import { lend } from '../rig/lend.ts';
import { archivePrograms } from './archive-cases.ts';
import { choiceOf } from './choice.ts';
import { elsewhere, exempt } from './elsewhere.ts';
import { everyCase, groupsOf } from './groups.ts';
import { type Disk, numbersFrom } from './held.ts';
import { type LawCase, playbookOf, setupOf, spoilOf, titleOf } from './law-case.ts';
import { preparation, unforeseen } from './node-state.ts';
import {
  elsewhereTable,
  type Held,
  proofHead,
  proofIn,
  proofRows,
  rowsOf,
  totalRow,
  withProof,
} from './proof.ts';
import { sensible, startOf } from './start-states.ts';
import { brokenBy, type Seen } from './verdict.ts';
import { webPrograms } from './web-cases.ts';

const choice = choiceOf(process.env);
const groups = groupsOf(choice);
const needsPackages = groups.some(({ group }) => group !== 'files' && !group.startsWith('accounts'));

type LawSeen = Seen & { readonly touched: readonly string[]; readonly checked: Disk; readonly end: Disk };
const seenOf = new Map<string, LawSeen>();

describe('the law of modules on a real node', () => {
  let place: { readonly folder: string; readonly inventory: string };

  beforeAll(async () => {
    await lab('up', '1');
    place = await labInventory();
    const { folder } = place;
    mkdirSync(join(folder, 'files'));
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'files/law.bin'), Buffer.from([0, 255, 254, 10, 128]));
    mkdirSync(join(folder, 'files/law-site/sub'), { recursive: true });
    writeFileSync(join(folder, 'files/law-site/one'), 'one\n');
    writeFileSync(join(folder, 'files/law-site/sub/two'), 'two\n');
    writeFileSync(join(folder, 'files/law.sh'), '#!/bin/sh\necho "$1" > "$2"\n');
    writeFileSync(join(folder, 'templates/law.hbs'), 'node {{ inventory_hostname }}\n');
    writeFileSync(join(folder, 'same'), 'same\n');
    writeFileSync(join(folder, 'older'), 'older\n');
    const repo = (await lab('inventory')).match(/kube_package_repo: (\S+)/)?.[1] ?? '';
    if (needsPackages) await onNode('cp1', preparation(repo));
    lend('cp1', [...webPrograms, ...archivePrograms]);
    execFileSync('tar', ['-czf', join(folder, 'files/law.tgz'), '-C', folder, 'files/law.sh']);
  });
  afterAll(async () => {
    await lab('down');
    report();
  });

  it('is held to every registered module, or a reason says who else does it', () => {
    const held = new Set([...everyCase.map(({ module }) => module), ...Object.keys(elsewhere)]);
    expect(allModules.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
    const registered = new Set(allModules.map(({ name }) => name));
    expect([...held, ...Object.keys(exempt)].filter((name) => !registered.has(name))).toEqual([]);
  });

  it('is held to every start state that makes sense for a module', () => {
    const there = new Set(everyCase.map((one) => `${one.module}: ${startOf(one)}`));
    const wanted = Object.entries(sensible).flatMap(([module, states]) =>
      states.map((state) => `${module}: ${state}`),
    );
    expect(wanted.filter((name) => !there.has(name))).toEqual([]);
    const withCases = new Set(everyCase.map(({ module }) => module));
    expect(Object.keys(sensible).sort()).toEqual([...withCases].sort());
  });

  it('has start states with names of their own', () => {
    const titles = new Set(everyCase.map(titleOf));
    expect(titles.size).toBe(everyCase.length);
    expect(everyCase.map(({ after }) => after).filter((title) => title && !titles.has(title))).toEqual([]);
  });

  describe.each(groups)('$group', ({ group, cases }) => {
    let seen: LawSeen;

    beforeAll(async () => {
      const playbook = join(place.folder, 'law.yml');
      await onNode('cp1', setupOf(cases));
      const spoiled = cases.filter(({ spoil }) => spoil !== undefined);
      if (spoiled.length > 0) {
        writeFileSync(playbook, playbookOf(spoiled));
        const first = await hapb('run', playbook, '-i', place.inventory);
        expect(first.exitCode, first.out + first.err).toBe(0);
        await onNode('cp1', spoilOf(spoiled));
      }
      writeFileSync(playbook, playbookOf(cases));
      const look = ['run', playbook, '-i', place.inventory, '--diff'];
      const before = await diskOf('cp1');
      await rememberNow('cp1');
      const foreseen = await hapb(...look, '--check');
      const touched = await touchedSince('cp1');
      const checked = await diskOf('cp1');
      const done = await hapb(...look);
      const after = await diskOf('cp1');
      const numbers = numbersFrom(await onNode('cp1', 'getent passwd'), await onNode('cp1', 'getent group'));
      const again = await hapb(...look);
      const foreseenAgain = await hapb(...look, '--check');
      const end = await diskOf('cp1');
      seen = { foreseen, done, again, foreseenAgain, before, touched, checked, after, numbers, end };
      seenOf.set(group, seen);
    });

    it('check changes nothing on the disk', () => {
      expectNone(differences(seen.before, seen.checked));
    });

    it('check touches nothing on the disk, not even to put it back', () => {
      expectNone(seen.touched);
    });

    it('a run changes nothing on the disk that no module has foreseen', () => {
      expectNone(unforeseen(seen));
    });

    it('the next run and the next check change nothing on the disk', () => {
      expectNone(differences(seen.after, seen.end));
    });

    it.each(cases.map((one) => [titleOf(one), one] as const))('%s', (_, one) => {
      expectNone(brokenBy(one, seen));
    });
  });
});

function expectNone(lines: readonly string[]): void {
  expect(lines, lines.join('\n')).toEqual([]);
}

/** Prints the table of modules and start states; where HAPB_LAW_PAGE names a page, brings its rows up to date. */
function report(): void {
  const agrees = (group: string, one: LawCase): boolean => {
    const seen = seenOf.get(group);
    return seen !== undefined && brokenBy(one, seen).length === 0;
  };
  const held: readonly Held[] = groups.flatMap(({ group, cases }) =>
    cases.map((one) => ({ one, agrees: agrees(group, one) })),
  );
  const { modules: named, sample } = choice;
  // Cases of other modules only come along because chosen ones build on them.
  const rows = proofRows(held.filter(({ one }) => named === null || named.includes(one.module)));
  console.log([...proofHead, ...rows.values()].join('\n'));
  const all = held.filter((one) => one.agrees).length;
  const of = sample === null ? '' : ` (a sample of ${everyCase.length}, seed ${sample.seed})`;
  console.log(`law: ${all} of ${held.length} start states agree${of}`);
  const page = process.env.HAPB_LAW_PAGE;
  if (page === undefined || sample !== null) return;
  const path = join(projectFolder, page);
  const text = readFileSync(path, 'utf8');
  const merged = [...new Map([...rowsOf(proofIn(text, 'modules')), ...rows])]
    .filter(([module]) => module in sensible)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
  const modules = withProof(text, 'modules', [...proofHead, ...merged, totalRow(merged)]);
  writeFileSync(path, withProof(modules, 'elsewhere', elsewhereTable(elsewhere)));
}
