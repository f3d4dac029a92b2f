import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { type PackageState, packageEffect } from '../asks/package.ts';
import { type PackageLists, packageListsRefreshed } from '../asks/package-lists.ts';
import type { Offer } from './apt.ts';
import { compareVersions } from './debian-version.ts';

/** Arguments of `package`. */
export interface PackageArgs {
  readonly name: string | readonly string[];
  readonly state?: 'present' | 'absent' | 'latest';
  readonly version?: string;
  readonly hold?: boolean;
  readonly update_cache?: boolean;
  readonly cache_valid_time?: number;
  readonly install_recommends?: boolean;
  readonly allow_downgrade?: boolean;
  readonly purge?: boolean;
  readonly enablerepo?: string | readonly string[];
  readonly disablerepo?: string | readonly string[];
  readonly timeout?: number;
  /** Leave packages alone that are not installed. */
  readonly only_upgrade?: boolean;
}

/** One package as wanted. `version: null`: any; else a version or a pattern with `*`. */
export interface Wish {
  readonly name: string;
  readonly version: string | null;
  /** The oldest version that will do. */
  readonly atLeast?: string;
}

/** What `package` asks. `packages` in the order of the wishes. */
export interface PackageModuleState {
  readonly packages: readonly PackageState[];
  readonly offers: ReadonlyMap<string, Offer>;
  readonly lists: PackageLists;
}

/** What becomes of one package. */
export interface PackageStep {
  readonly name: string;
  readonly action: 'install' | 'remove' | 'keep';
  /** As apt takes it: `NAME` or `NAME=VERSION`. */
  readonly word: string;
  readonly hold: boolean | null;
  readonly foreseenVersion: string | null | Unknown;
}

/** Packages to install, remove, hold. */
export interface PackageChange extends Change {
  readonly args: PackageArgs;
  readonly steps: readonly PackageStep[];
  readonly refresh: 'refresh' | 'keep-lists';
}

/** The packages that a task names, each with the version it wants. */
export function wishesOf(args: PackageArgs): readonly Wish[] {
  const words = typeof args.name === 'string' ? args.name.split(',').map((word) => word.trim()) : args.name;
  return words.map((word) => {
    const [, least, atLeast] = /^([^=]+)>=(.+)$/.exec(word) ?? [];
    if (least !== undefined && atLeast !== undefined) return { name: least, version: null, atLeast };
    const at = word.indexOf('=');
    return at === -1
      ? { name: word, version: args.version ?? null }
      : { name: word.slice(0, at), version: word.slice(at + 1) };
  });
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6080, HAPB6081 */
export function planPackages(args: PackageArgs, state: PackageModuleState): PackageChange | null {
  if (args.enablerepo !== undefined) throw notApt('enablerepo');
  if (args.disablerepo !== undefined) throw notApt('disablerepo');
  const fresh = args.update_cache === true && isOld(args, state.lists);
  const certain = !fresh && state.lists.kind === 'as-is' ? 'certain' : 'uncertain';
  const planned = wishesOf(args).map((wish, index) => {
    const now = state.packages[index] ?? { kind: 'absent', hold: false };
    return { now, step: planOne(args, { wish, now, offer: state.offers.get(wish.name), lists: certain }) };
  });
  const todo = planned
    .filter(({ step }) => step !== null)
    .flatMap(({ now, step }) => (step === null ? [] : [{ now, step }]));
  const blind = args.state === 'latest' && fresh;
  if (todo.length === 0 && !blind) return null;
  const installs = todo.some(({ step }) => step.action === 'install');
  const refresh = fresh && (installs || blind) ? 'refresh' : 'keep-lists';
  const effects = todo.map(({ now, step }) => effectOf(now, step));
  return {
    summary: [
      ...(refresh === 'refresh' ? ['read the package lists anew'] : []),
      ...todo.map(({ now, step }) => say(now, step)),
    ].join(', '),
    edits: todo.flatMap(({ now, step }) => editOf(now, step)),
    effects: [...(refresh === 'refresh' ? [packageListsRefreshed] : []), ...effects],
    forecast: blind
      ? {
          kind: 'unknown',
          unknown: new Unknown('the package lists are read anew first, so the newest versions are not known'),
        }
      : known,
    args,
    steps: planned.map(({ now, step }, index) => step ?? keep(wishesOf(args)[index]?.name ?? '', now)),
    refresh,
  };
}

interface One {
  readonly wish: Wish;
  readonly now: PackageState;
  readonly offer: Offer | undefined;
  /** `uncertain`: the lists will have been read anew by then. */
  readonly lists: 'certain' | 'uncertain';
}

function planOne(args: PackageArgs, { wish, now, offer, lists }: One): PackageStep | null {
  const hold = args.hold === undefined || args.hold === now.hold ? null : args.hold;
  if (args.state === 'absent') {
    if (now.kind === 'absent') return null;
    return { name: wish.name, action: 'remove', word: wish.name, hold: null, foreseenVersion: null };
  }
  if (args.only_upgrade === true && now.kind === 'absent') return null;
  const installed = now.kind === 'installed' ? now.version : null;
  const newest =
    args.state !== 'latest' ||
    offer === undefined ||
    offer.candidate === null ||
    offer.candidate === installed;
  if (fits(wish, now) && (newest || wish.version !== null))
    return hold === null ? null : { ...keep(wish.name, now), hold };
  const version =
    wish.version === null
      ? (offer?.candidate ?? null)
      : (offer?.versions.find((each) => matches(each, wish.version ?? '')) ?? null);
  const tooOld = version !== null && wish.atLeast !== undefined && compareVersions(version, wish.atLeast) < 0;
  if ((version === null || tooOld) && lists === 'certain') throw notOffered(wish, offer);
  const open = wish.version?.includes('*') === true;
  // What fits best may be something newer once the lists are read anew.
  const exact = open && lists === 'uncertain' ? null : (version ?? (open ? null : wish.version));
  return {
    name: wish.name,
    action: 'install',
    word: wish.version === null ? wish.name : `${wish.name}=${exact ?? wish.version}`,
    hold,
    foreseenVersion:
      exact !== null && (lists === 'certain' || wish.version !== null)
        ? exact
        : new Unknown('the package lists are read anew first'),
  };
}

/** Whether a package is there in a version that will do. One whose version is not foreseen does. */
export function fits(wish: Wish, now: PackageState | undefined): boolean {
  if (now?.kind !== 'installed') return false;
  const { version } = now;
  return (
    version === null ||
    ((wish.version === null || matches(version, wish.version)) &&
      (wish.atLeast === undefined || compareVersions(version, wish.atLeast) >= 0))
  );
}

function keep(name: string, now: PackageState): PackageStep {
  const version = now.kind === 'installed' ? now.version : null;
  return { name, action: 'keep', word: name, hold: null, foreseenVersion: version };
}

/** Whether a version is one, or fits a pattern whose `*` stands for anything. */
export function matches(version: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(version);
}

function isOld(args: PackageArgs, lists: PackageLists): boolean {
  if (args.state !== 'latest') return true;
  return lists.kind === 'as-is' && lists.age !== 'fresh';
}

function effectOf(now: PackageState, step: PackageStep): Effect {
  const hold = step.hold ?? now.hold;
  if (step.action === 'remove') return packageEffect(step.name, { kind: 'absent', hold: false });
  const version = step.foreseenVersion instanceof Unknown ? null : step.foreseenVersion;
  return packageEffect(step.name, { kind: 'installed', version, hold });
}

function say(now: PackageState, step: PackageStep): string {
  const hold = step.hold === null ? '' : step.hold ? ' and hold it' : ' and release its hold';
  switch (step.action) {
    case 'remove':
      return `remove ${step.name}`;
    case 'install':
      return `${now.kind === 'installed' ? 'change' : 'install'} ${step.word.replace('=', ' ')}${hold}`;
    case 'keep':
      return step.hold === true ? `hold ${step.name}` : `release the hold of ${step.name}`;
  }
}

function editOf(now: PackageState, step: PackageStep): readonly Edit[] {
  const hold = step.hold ?? now.hold;
  const line = (version: string, held: boolean): string => `${version}${held ? ' (held)' : ''}\n`;
  const subject = `package ${step.name}`;
  const pattern = /=(.*)$/.exec(step.word)?.[1];
  const isOpen = step.foreseenVersion instanceof Unknown;
  const version = step.foreseenVersion instanceof Unknown ? (pattern ?? 'newest') : step.foreseenVersion;
  const before =
    now.kind === 'installed'
      ? line(now.version ?? 'installed', now.hold)
      : now.kind === 'broken'
        ? `${now.status}\n`
        : null;
  const after = step.action === 'remove' ? null : line(version ?? 'installed', hold);
  const fits = {
    // Which version an earlier task of a check installs may not be known.
    ...(now.kind === 'installed' && now.version === null ? { before: line('*', now.hold) } : {}),
    ...(after !== null && (isOpen || version === null) ? { after: line(pattern ?? '*', hold) } : {}),
  };
  return [{ subject, before, after, ...(Object.keys(fits).length === 0 ? {} : { fits }) }];
}

function notApt(argument: string): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: `${argument} means sources of dnf, and this host has apt`,
    hint: "Leave such hosts out with `when: ansible_facts.os_family == 'RedHat'`, and use the module `dnf` there.",
    argument,
  });
}

function notOffered(wish: Wish, offer: Offer | undefined): Failure {
  const asked = wish.version ?? (wish.atLeast === undefined ? null : `${wish.atLeast} or newer`);
  if (asked !== null && offer !== undefined && offer.versions.length > 0) {
    return new Failure({
      code: 'HAPB6081',
      message: `no source offers version ${asked} of ${wish.name}`,
      hint: `Offered: ${offer.versions.slice(0, 5).join(', ')}. A Debian version has a revision at its end; 1.34.2-* takes any.`,
      argument: 'version',
    });
  }
  return new Failure({
    code: 'HAPB6080',
    message: `no source offers a package ${wish.name}`,
    hint: 'Correct the name, add its source with `package_repo`, or read the lists anew with `update_cache: true`.',
    argument: 'name',
  });
}
