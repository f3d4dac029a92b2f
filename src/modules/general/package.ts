import { all, map } from '../ask.ts';
import { packageLists } from '../asks/package-lists.ts';
import type { Module } from '../module.ts';
import { applyPackages } from './package-apply.ts';
import { offersOf, packagesFound } from './package-ask.ts';
import {
  type PackageArgs,
  type PackageChange,
  type PackageModuleState,
  planPackages,
  wishesOf,
} from './package-plan.ts';

const onlyDnf = 'For hosts with dnf: the task fails, so a condition has to leave hosts with apt out.';

/** Packages of the distribution. */
export const packageModule: Module<PackageArgs, PackageModuleState, PackageChange> = {
  name: 'package',
  summary: 'Installs, upgrades, holds and removes packages (apt).',
  notes: [
    'It waits for other package managers to release the lock, asks no questions, and keeps configuration files that were changed.',
    '`update_cache: true` reads the lists anew only when something has to be installed or, with `state: latest`, when they are older than `cache_valid_time`; so a second run changes nothing.',
    'The work goes on when the connection is lost; the next run follows it to its end.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: ['string', 'array'],
        changes: 'package',
        items: { type: 'string', pattern: '^[a-z0-9]' },
        minItems: 1,
        description: 'Package, or a list of them; `NAME=VERSION` asks for a version, which may end in `*`.',
        aliases: ['pkg'],
      },
      state: {
        enum: ['present', 'absent', 'latest'],
        default: 'present',
        description: 'Installed, not installed, or the newest that the sources offer.',
      },
      version: { type: 'string', description: 'Version for all of them, such as 1.34.2-1.1 or 1.34.*.' },
      hold: { type: 'boolean', description: 'Whether apt is to leave it at its version. Absent: as it is.' },
      update_cache: {
        type: 'boolean',
        default: false,
        description: 'Read the lists of the sources anew before something is installed.',
      },
      cache_valid_time: {
        type: 'integer',
        minimum: 0,
        default: 3600,
        description: 'Seconds for which lists count as fresh.',
      },
      install_recommends: {
        type: 'boolean',
        description: 'Install recommended packages too. Absent: as the host is set up.',
      },
      allow_downgrade: {
        type: 'boolean',
        default: false,
        description: 'Allow an older version than the installed one.',
      },
      purge: { type: 'boolean', default: false, description: 'With absent: remove configuration files too.' },
      use: {
        enum: ['auto', 'apt'],
        description: 'Accepted.',
        refused:
          'The package manager of the host is used: apt on Debian; there is a module `dnf` for Fedora.',
      },
      enablerepo: { type: ['array', 'string'], items: { type: 'string' }, description: onlyDnf },
      disablerepo: { type: ['array', 'string'], items: { type: 'string' }, description: onlyDnf },
      timeout: {
        type: 'integer',
        minimum: 1,
        default: 1800,
        description: 'Seconds after which it is given up.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  traits: ['durable'],
  returns: { packages: 'For each package its version; null where it is not installed.' },
  example: `- name: Install the time server
  package:
    name: chrony
    update_cache: true
`,
  probe(args) {
    const wishes = wishesOf(args);
    return map(
      all({
        found: packagesFound(wishes, offersOf(args.state)),
        lists: packageLists(args.cache_valid_time ?? 3600),
      }),
      ({ found, lists }) => ({ ...found, lists }),
    );
  },
  diff: planPackages,
  apply: applyPackages,
  output: (args, state) => {
    const versions = wishesOf(args).map((wish, index) => {
      const found = state.packages[index];
      return [wish.name, found?.kind === 'installed' ? found.version : null] as const;
    });
    return { packages: Object.fromEntries(versions) };
  },
  foreseen: (wanted) => ({
    packages: Object.fromEntries(wanted.steps.map((step) => [step.name, step.foreseenVersion])),
  }),
};
