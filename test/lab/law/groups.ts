import { sample } from '../../oracle/sample.ts';
import { accountCases } from './account-cases.ts';
import { aptCases, aptListCases } from './apt-cases.ts';
import { archiveCases } from './archive-cases.ts';
import { chainedFileCases, chainedUnitCases } from './chained-cases.ts';
import { contentCases } from './content-cases.ts';
import { fileCases } from './file-cases.ts';
import { halfDoneCases, unpackedCases } from './half-done-cases.ts';
import { iniAndAssembleCases } from './ini-and-assemble-cases.ts';
import { jobsAndMountsCases } from './jobs-and-mounts-cases.ts';
import { kubernetesCases } from './kubernetes-cases.ts';
import { type LawCase, titleOf } from './law-case.ts';
import { lookingCases } from './looking-cases.ts';
import { packageSettingsCases } from './package-settings-cases.ts';
import { spoiledFileCases, spoiledKubernetesCases } from './spoiled-cases.ts';
import { systemCases } from './system-cases.ts';
import { textCases } from './text-cases.ts';
import { webCases } from './web-cases.ts';

/** Cases that one playbook holds. */
export interface LawGroup {
  readonly group: string;
  readonly cases: readonly LawCase[];
}

/**
 * Each group is one playbook: what its cases foresee must not make another group's answers unknown. Later groups find what
 * earlier ones have left: the system's leave sources of packages that apt does not read together.
 */
const allGroups: readonly LawGroup[] = [
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
      ...spoiledFileCases,
      ...chainedFileCases,
      ...chainedUnitCases,
      ...unpackedCases,
    ],
  },
  { group: 'apt', cases: aptCases },
  { group: 'the system', cases: systemCases },
  { group: 'Kubernetes', cases: [...kubernetesCases, ...spoiledKubernetesCases] },
  { group: 'accounts, jobs and mounts', cases: [...accountCases, ...jobsAndMountsCases] },
  { group: 'settings of packages', cases: packageSettingsCases },
  { group: "apt's lists, and names", cases: [...aptListCases, ...halfDoneCases] },
];

/** All cases there are. */
export const everyCase: readonly LawCase[] = allGroups.flatMap(({ cases }) => cases);

/** Which cases a run holds to the law. */
export interface Choice {
  /** Names of modules; `null`: all. */
  readonly modules: readonly string[] | null;
  /** How many cases, picked by the seed; `null`: all. */
  readonly sample: { readonly count: number; readonly seed: number } | null;
}

/** The groups with the chosen cases, and those that they build on. */
export function groupsOf({ modules, sample: some }: Choice): readonly LawGroup[] {
  const wanted = everyCase.filter(({ module }) => modules === null || modules.includes(module));
  const picked = some === null ? wanted : sample(wanted, some.count, some.seed);
  const chosen = new Set<LawCase>();
  const add = (one: LawCase | undefined): void => {
    if (one === undefined || chosen.has(one)) return;
    chosen.add(one);
    add(everyCase.find((other) => titleOf(other) === one.after));
  };
  picked.forEach(add);
  return allGroups
    .map(({ group, cases }) => ({ group, cases: cases.filter((one) => chosen.has(one)) }))
    .filter(({ cases }) => cases.length > 0);
}
