import { quote } from '../../connection/quote.ts';
import { type Change, type Edit, type Effect, type Forecast, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { type PackageState, packageEffect } from '../asks/package.ts';
import { packageListsRefreshed } from '../asks/package-lists.ts';
import { type AptArgs, namesOf, upgradeOf, wantsUpdate } from './apt-args.ts';
import type { DebFile, SimulatedPackage, Simulation } from './apt-simulation.ts';
import { compareVersions } from './debian-version.ts';
import {
  type PackageArgs,
  type PackageChange,
  type PackageModuleState,
  planPackages,
} from './package-plan.ts';
import { refused } from './refused.ts';

/** What `apt` asks; parts that the task is not about are `null`. */
export interface AptState extends PackageModuleState {
  readonly upgrade: Simulation | null;
  readonly fixed: Simulation | null;
  readonly leftovers: Simulation | null;
  readonly autoclean: Simulation | null;
  readonly archives: number | null;
  readonly deb: { readonly file: DebFile | null; readonly now: PackageState } | null;
}

/** Commands to run one after the other. */
export interface AptChange extends Change {
  readonly args: AptArgs;
  /** Shell text each; they may use the functions `apt` and `update`. */
  readonly commands: readonly string[];
  readonly refresh: 'refresh' | 'keep-lists';
  /** Packages by name, to look at afterwards. `null`: none were named. */
  readonly named: PackageChange | null;
  readonly readAt: number;
}

/** One thing of many that a task asks for. */
interface Part {
  readonly says: readonly string[];
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
  readonly commands: readonly string[];
  readonly forecast: Forecast;
}

const nothing: Part = { says: [], edits: [], effects: [], commands: [], forecast: known };

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6007, HAPB6080 to HAPB6082, HAPB6084, HAPB6085 */
export function planApt(args: AptArgs, state: AptState): AptChange | null {
  check(args);
  const old = state.lists.kind === 'as-is' && state.lists.age !== 'fresh';
  const stale = wantsUpdate(args) && old;
  const named = planNamed(args, state, stale);
  const parts = [
    ...(args.clean === true && (state.archives ?? 0) > 0
      ? [{ ...nothing, says: ['remove all package files'], commands: ['apt clean'] }]
      : []),
    planUpgrade(args, state, stale),
    planFixed(args, state),
    planDeb(args, state),
    named === null ? nothing : partOf(args, named),
    planAutoclean(args, state),
    planLeftovers(args, state, named === null ? 'settled' : 'changing'),
  ];
  const busy = parts.some(({ commands }) => commands.length > 0);
  const alone = namesOf(args).length === 0 && upgradeOf(args) === null && args.deb === undefined;
  const refresh = stale && (alone || (busy && named?.refresh !== 'keep-lists')) ? 'refresh' : 'keep-lists';
  if (!busy && refresh === 'keep-lists') return null;
  const update: Part =
    refresh === 'refresh'
      ? {
          ...nothing,
          says: ['read the package lists anew'],
          effects: [packageListsRefreshed],
          commands: [`update -o Acquire::Retries=${args.update_cache_retries ?? 5}`],
        }
      : nothing;
  const all = [update, ...parts];
  return {
    summary: all.flatMap(({ says }) => says).join(', '),
    edits: all.flatMap(({ edits }) => edits),
    effects: all.flatMap(({ effects }) => effects),
    forecast: all.find(({ forecast }) => forecast.kind === 'unknown')?.forecast ?? known,
    args,
    commands: all.flatMap(({ commands }) => commands),
    refresh,
    named,
    readAt: state.lists.kind === 'as-is' ? (state.lists.readAt ?? 0) : 0,
  };
}

/** Arguments for the packages that are named, in the words of `package`; `null`: none are. */
export function packageArgs(args: AptArgs, stale: boolean): PackageArgs | null {
  const names = namesOf(args).filter((name) => name !== '*');
  if (names.length === 0 || args.state === 'fixed' || args.state === 'build-dep') return null;
  return {
    name: names,
    state: args.state ?? 'present',
    update_cache: stale,
    ...(args.allow_downgrade === true ? { allow_downgrade: true } : {}),
    ...(args.only_upgrade === true ? { only_upgrade: true } : {}),
  };
}

function planNamed(args: AptArgs, state: AptState, stale: boolean): PackageChange | null {
  const wanted = packageArgs(args, stale);
  return wanted === null ? null : planPackages(wanted, state);
}

/** Options of apt-get that the arguments stand for. */
export function optionsOf(args: AptArgs): readonly string[] {
  const all = args.force === true;
  return [
    ...(args.default_release === undefined ? [] : ['-t', quote(args.default_release)]),
    ...(args.install_recommends === undefined
      ? []
      : [args.install_recommends ? '--install-recommends' : '--no-install-recommends']),
    ...(args.allow_downgrade === true || all ? ['--allow-downgrades'] : []),
    ...(args.allow_unauthenticated === true || all ? ['--allow-unauthenticated'] : []),
    ...(args.allow_change_held_packages === true || all ? ['--allow-change-held-packages'] : []),
    ...(all ? ['--allow-remove-essential'] : []),
    ...(args.fail_on_autoremove === true ? ['--no-remove'] : []),
    ...(args.autoremove === true ? ['--auto-remove'] : []),
    ...(args.only_upgrade === true ? ['--only-upgrade'] : []),
  ];
}

function partOf(args: AptArgs, named: PackageChange): Part {
  const removes = args.state === 'absent';
  const acting = named.steps.filter((step) => step.action === (removes ? 'remove' : 'install'));
  // With `latest` every package is named, because new lists may offer a newer version of any.
  const steps = args.state === 'latest' ? named.steps : acting;
  const words = steps.map((step) => quote(step.word));
  const verb = removes ? (args.purge === true ? 'purge' : 'remove') : 'install';
  return {
    says: [named.summary.replace(/^read the package lists anew(, )?/, '')].filter((text) => text !== ''),
    edits: named.edits,
    // What goes with the others is not known one by one.
    effects: [
      ...(args.autoremove === true ? [unsure] : []),
      ...named.effects.filter(({ key }) => key !== packageListsRefreshed.key),
    ],
    commands: words.length === 0 ? [] : [['apt', ...optionsOf(args), verb, ...words].join(' ')],
    forecast: named.forecast,
  };
}

const unsure: Effect = {
  key: 'package:*',
  state: new Unknown('what is no longer needed is removed, and which packages that are shows only then'),
};

function planUpgrade(args: AptArgs, state: AptState, stale: boolean): Part {
  const how = upgradeOf(args);
  if (how === null) return nothing;
  const words = how === 'upgrade' ? ['--with-new-pkgs', 'upgrade'] : ['dist-upgrade'];
  const command = ['apt', ...optionsOf(args), ...words].join(' ');
  if (stale) {
    const unknown = new Unknown(
      'the package lists are read anew first, so the newest versions are not known',
    );
    const effects = [{ key: 'package:*', state: unknown }];
    return {
      ...nothing,
      says: ['upgrade'],
      commands: [command],
      effects,
      forecast: { kind: 'unknown', unknown },
    };
  }
  const { packages } = simulated(state.upgrade, 'upgrade');
  return packages.length === 0 ? nothing : simulatedPart(`upgrade ${packages.length}`, command, packages);
}

function planFixed(args: AptArgs, state: AptState): Part {
  if (args.state !== 'fixed') return nothing;
  const { packages } = simulated(state.fixed, 'mend dependencies');
  const command = ['apt', ...optionsOf(args), '--fix-broken', 'install'].join(' ');
  return packages.length === 0 ? nothing : simulatedPart('mend dependencies', command, packages);
}

function planLeftovers(args: AptArgs, state: AptState, packages: 'settled' | 'changing'): Part {
  if (args.autoremove !== true || packages === 'changing') return nothing;
  const found = simulated(state.leftovers, 'remove what is no longer needed').packages;
  const command = `apt ${args.purge === true ? '--purge ' : ''}autoremove`;
  return found.length === 0 ? nothing : simulatedPart('remove what is no longer needed', command, found);
}

function planAutoclean(args: AptArgs, state: AptState): Part {
  if (args.autoclean !== true) return nothing;
  const { cleaned } = simulated(state.autoclean, 'clean the cache');
  return cleaned === 0
    ? nothing
    : { ...nothing, says: [`remove ${cleaned} old package files`], commands: ['apt autoclean'] };
}

function planDeb(args: AptArgs, { deb }: AptState): Part {
  if (args.deb === undefined || deb === null) return nothing;
  const { file, now } = deb;
  if (file === null) {
    throw new Failure({
      code: 'HAPB6085',
      message: `${args.deb} is no package file on the host`,
      hint: 'Bring it there first with `copy_file` or `get_url`.',
      argument: 'deb',
    });
  }
  if (now.kind === 'installed') {
    const difference = now.version === null ? 0 : compareVersions(now.version, file.version);
    if (difference === 0 || (difference > 0 && args.allow_downgrade !== true)) return nothing;
  }
  const before = now.kind === 'installed' ? now.version : null;
  const path = args.deb.startsWith('/') ? args.deb : `./${args.deb}`;
  const part = simulatedPart(
    `install ${file.name} ${file.version}`,
    ['apt', ...optionsOf(args), 'install', quote(path)].join(' '),
    [{ name: file.name, before, after: file.version }],
  );
  const state = { kind: 'installed', version: file.version, hold: false, file: path } as const;
  return { ...part, effects: [packageEffect(file.name, state)] };
}

function simulatedPart(says: string, command: string, packages: readonly SimulatedPackage[]): Part {
  const line = (version: string | null): string | null => (version === null ? null : `${version}\n`);
  return {
    says: [says],
    edits: packages.map(({ name, before, after }) => ({
      subject: `package ${name}`,
      before: line(before),
      after: line(after),
    })),
    effects: packages.map(({ name, after }) =>
      packageEffect(
        name,
        after === null ? { kind: 'absent', hold: false } : { kind: 'installed', version: after, hold: false },
      ),
    ),
    commands: [command],
    forecast: known,
  };
}

function simulated(found: Simulation | null, what: string): Simulation & { readonly kind: 'ok' } {
  if (found?.kind === 'ok') return found;
  throw new Failure({
    code: 'HAPB6082',
    message: `cannot ${what}: apt-get would fail`,
    hint: 'Read what it says below; `state: fixed` mends broken dependencies.',
    details: found?.output.trimEnd().split('\n').slice(-10).join('\n') ?? '',
  });
}

function check(args: AptArgs): void {
  const names = namesOf(args);
  if (args.state === 'build-dep')
    throw refused('state', 'build-dep needs lists of sources', 'Use `command: apt-get -y build-dep …`.');
  if (args.deb?.includes('://') === true)
    throw refused(
      'deb',
      'the host would have to fetch it',
      'Fetch it with `get_url` first, then give its path.',
    );
  const parts = [names.length > 0, args.deb !== undefined, upgradeOf({ ...args, state: 'present' }) !== null];
  if (parts.filter(Boolean).length > 1)
    throw wrong('name, deb and upgrade exclude each other', 'Make a task for each.', 'name');
  const any =
    parts.includes(true) ||
    wantsUpdate(args) ||
    [args.autoremove, args.autoclean, args.clean, args.state === 'fixed'].includes(true);
  if (!any) throw wrong('apt is not told what to do', 'Add `name:`, or `update_cache: true`.', 'state');
  if (names.includes('*') && names.length > 1)
    throw wrong('* stands for all packages, so no others can be named', 'Make a task of its own.', 'name');
  const odd = names.find((name) => name !== '*' && /^[^=]*[*?[]/.test(name.replace('>=', '=')));
  if (odd === undefined && (!names.includes('*') || args.state === 'latest')) return;
  throw new Failure({
    code: 'HAPB6084',
    message: `${odd ?? '*'} is a pattern, not the name of a package`,
    hint: 'Name the packages; `apt list` on the host shows what fits.',
    argument: 'name',
  });
}

function wrong(message: string, hint: string, argument: string): Failure {
  return new Failure({ code: 'HAPB6006', message, hint, argument });
}
