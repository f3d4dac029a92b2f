import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allModules } from '../../../src/modules/registry.ts';
import { hapb, labInventory } from '../rig/hapb.ts';
import { differences, diskOf, lab, onNode } from '../rig/lab.ts';
import { lend } from '../rig/lend.ts';
import { accountCases } from './account-cases.ts';
import { aptCases, aptListCases } from './apt-cases.ts';
import { archiveCases, archivePrograms } from './archive-cases.ts';
import { contentCases } from './content-cases.ts';
import { elsewhere, exempt } from './elsewhere.ts';
import { fileCases } from './file-cases.ts';
import { type Disk, numbersFrom } from './held.ts';
import { iniAndAssembleCases } from './ini-and-assemble-cases.ts';
import { jobsAndMountsCases } from './jobs-and-mounts-cases.ts';
import { kubernetesCases } from './kubernetes-cases.ts';
import { type LawCase, playbookOf, setupOf, titleOf } from './law-case.ts';
import { lookingCases } from './looking-cases.ts';
import { preparation, unforeseen } from './node-state.ts';
import { packageSettingsCases } from './package-settings-cases.ts';
import { systemCases } from './system-cases.ts';
import { textCases } from './text-cases.ts';
import { brokenBy, type Seen } from './verdict.ts';
import { webCases, webPrograms } from './web-cases.ts';

/** `HAPB_LAW=find,replace` holds only these modules to the law, in seconds. */
const only = process.env.HAPB_LAW?.split(',') ?? null;

/**
 * Each group is one playbook: what its cases foresee must not make another group's answers unknown. Later groups find what
 * earlier ones have left: the system's leave sources of packages that apt does not read together.
 */
const allGroups: readonly { readonly group: string; readonly cases: readonly LawCase[] }[] = [
  {
    group: 'files',
    cases: [
      ...fileCases,
      ...contentCases,
      ...textCases,
      ...lookingCases,
      ...webCases,
      ...archiveCases,
      ...iniAndAssembleCases,
    ],
  },
  { group: 'apt', cases: aptCases },
  { group: 'the system', cases: systemCases },
  { group: 'Kubernetes', cases: kubernetesCases },
  { group: 'accounts, jobs and mounts', cases: [...accountCases, ...jobsAndMountsCases] },
  { group: 'settings of packages', cases: packageSettingsCases },
  { group: "apt's lists", cases: aptListCases },
];
const everyCase = allGroups.flatMap(({ cases }) => cases);
const isHeldNow = ({ module }: LawCase): boolean => only === null || only.includes(module);
const groups = allGroups
  .map(({ group, cases }) => ({ group, cases: cases.filter(isHeldNow) }))
  .filter(({ cases }) => cases.length > 0);
const needsPackages = groups.some(({ group }) => group !== 'files' && !group.startsWith('accounts'));

type LawSeen = Seen & { readonly checked: Disk; readonly end: Disk };
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
    console.log(table());
  });

  it('is held to every registered module, or a reason says who else does it', () => {
    const held = new Set([...everyCase.map(({ module }) => module), ...Object.keys(elsewhere)]);
    expect(allModules.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
    const registered = new Set(allModules.map(({ name }) => name));
    expect([...held, ...Object.keys(exempt)].filter((name) => !registered.has(name))).toEqual([]);
  });

  it('has start states with names of their own', () => {
    expect(new Set(everyCase.map(titleOf)).size).toBe(everyCase.length);
  });

  describe.each(groups)('$group', ({ group, cases }) => {
    let seen: LawSeen;

    beforeAll(async () => {
      const playbook = join(place.folder, 'law.yml');
      writeFileSync(playbook, playbookOf(cases));
      await onNode('cp1', setupOf(cases));
      const look = ['run', playbook, '-i', place.inventory, '--diff'];
      const before = await diskOf('cp1');
      const foreseen = await hapb(...look, '--check');
      const checked = await diskOf('cp1');
      const done = await hapb(...look);
      const after = await diskOf('cp1');
      const numbers = numbersFrom(await onNode('cp1', 'getent passwd'), await onNode('cp1', 'getent group'));
      const again = await hapb(...look);
      const foreseenAgain = await hapb(...look, '--check');
      const end = await diskOf('cp1');
      seen = { foreseen, done, again, foreseenAgain, before, checked, after, numbers, end };
      seenOf.set(group, seen);
    });

    it('check changes nothing on the disk', () => {
      expectNone(differences(seen.before, seen.checked));
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

/** For each module how many of its start states are held to the law. */
function table(): string {
  const held = (one: LawCase): boolean => {
    const own = groups.find(({ cases }) => cases.includes(one));
    const seen = seenOf.get(own?.group ?? '');
    return seen !== undefined && brokenBy(one, seen).length === 0;
  };
  const cases = groups.flatMap((group) => group.cases);
  const names = [...new Set(cases.map(({ module }) => module))].sort();
  const lines = names.map((name) => {
    const own = cases.filter(({ module }) => module === name);
    const mark = (one: LawCase): string => (held(one) ? one.state : `BROKEN ${one.state}`);
    return `${name.padEnd(18)} ${own.filter(held).length}/${own.length}  ${own.map(mark).join(' · ')}`;
  });
  return ['module             held  start states', ...lines].join('\n');
}
