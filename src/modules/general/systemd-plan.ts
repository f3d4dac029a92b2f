import { type Change, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { FileState } from '../asks/file-state.ts';
import { type UnitScope, type UnitState, unitEffect, unitKey, unitName } from '../asks/unit.ts';

/** Arguments of `systemd_service`. */
export interface ServiceArgs {
  readonly name?: string;
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  readonly enabled?: boolean;
  readonly masked?: boolean;
  readonly daemon_reload?: boolean;
  readonly daemon_reexec?: boolean;
  readonly no_block?: boolean;
  readonly force?: boolean;
  readonly scope?: UnitScope;
}

/** What `systemd_service` asks. */
export interface ServiceState {
  /** `null`: no unit was named. Unknown: an earlier task would install packages, and one of them may bring it. */
  readonly unit: UnitState | Unknown | null;
  /** Loaded units whose files have changed. Unknown: an earlier task would change files of units. */
  readonly stale: readonly string[] | Unknown;
  /** What lies where a mask would: `null` where none is asked for. Unknown: an earlier task may change it. */
  readonly place: FileState | Unknown | null;
}

/** A systemctl verb. */
export type Verb =
  | 'daemon-reload'
  | 'daemon-reexec'
  | 'unmask'
  | 'mask'
  | 'enable'
  | 'disable'
  | 'start'
  | 'stop'
  | 'restart'
  | 'reload-or-restart';

/** Verbs to give to systemctl, in order. */
export interface ServiceChange extends Change {
  readonly args: ServiceArgs;
  readonly verbs: readonly Verb[];
  /** How the unit will be; `null`: no unit was named. */
  readonly after: UnitState | null;
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6100, HAPB6102, HAPB6103 */
export function planService(args: ServiceArgs, state: ServiceState): ServiceChange | null {
  const { unit, stale, place } = state;
  if (unit instanceof Unknown) return unsure(args, unit);
  const anyStale = !(stale instanceof Unknown) && stale.length > 0;
  const reload =
    args.daemon_reload === true && (anyStale || unit?.needsReload === true) && !readsAnew(args, unit);
  const manager: readonly Verb[] = [
    ...(reload ? (['daemon-reload'] as const) : []),
    ...(args.daemon_reexec === true ? (['daemon-reexec'] as const) : []),
  ];
  if (unit === null)
    return manager.length === 0 ? reloadOf(stale) : changeOf(args, { verbs: manager, unit, after: null });
  check(args, unit);
  const masked = unit.unitFile === 'masked' || unit.unitFile === 'masked-runtime' || unit.load === 'masked';
  const verbs: Verb[] = [...manager];
  if (args.masked === false && masked) verbs.push('unmask');
  if (args.enabled === true && !isEnabled(unit)) verbs.push('enable');
  if (args.enabled === false && isDisablable(unit)) verbs.push('disable');
  verbs.push(...stateVerbs(args, unit));
  if (args.masked === true && !masked) {
    if (place instanceof Unknown) return unsure(args, place);
    if (place?.kind === 'file' || (place?.kind === 'link' && args.force !== true))
      throw notMaskable(args, place.kind);
    verbs.push('mask');
  }
  if (verbs.length === 0) return reloadOf(stale);
  const change = changeOf(args, { verbs, unit, after: afterwards(unit, verbs) });
  if (!verbs.includes('mask') || args.scope !== 'user') return change;
  const unknown = new Unknown(
    'what lies in the way in the folder of a user is seen only when systemctl masks',
  );
  return { ...change, forecast: { kind: 'unknown', unknown } };
}

/** Whether it has to be looked for units whose files have changed: all else does not tell yet whether to reload. */
export function asksForStale(args: ServiceArgs, unit: UnitState | Unknown | null): boolean {
  if (args.daemon_reload !== true || unit instanceof Unknown) return false;
  return unit === null || !(unit.needsReload || readsAnew(args, unit));
}

/** Whether a verb that comes before all others but the manager's own lets systemd read all unit files anew, as `enable` does. */
function readsAnew(args: ServiceArgs, unit: UnitState | null): boolean {
  if (unit === null || args.scope === 'global') return false;
  return (args.enabled === true && !isEnabled(unit)) || (args.enabled === false && isDisablable(unit));
}

/** Where the mask of a unit lies; `null` for those of a user, whose folder hangs on the login. */
export function maskPath(name: string, scope: UnitScope = 'system'): string | null {
  return scope === 'user' ? null : `/etc/systemd/${scope === 'system' ? 'system' : 'user'}/${unitName(name)}`;
}

/** Where all else is as asked, a reload hangs on whether files of units differ from what systemd has read. */
function reloadOf(stale: ServiceState['stale']): ServiceChange | null {
  return stale instanceof Unknown ? unsure({}, stale) : null;
}

function unsure(args: ServiceArgs, unknown: Unknown): ServiceChange {
  const change = changeOf(args, { verbs: ['daemon-reload'], unit: null, after: null });
  const { name, scope } = args;
  const effects = name === undefined ? [] : [{ key: unitKey(name, scope), state: unknown }];
  return { ...change, effects, forecast: { kind: 'unknown', unknown } };
}

function stateVerbs(args: ServiceArgs, unit: UnitState): readonly Verb[] {
  const runs = isRunning(unit);
  if (args.state === undefined) return [];
  switch (args.state) {
    case 'started':
      return runs ? [] : ['start'];
    case 'stopped':
      return runs || unit.active === 'deactivating' ? ['stop'] : [];
    case 'restarted':
      return ['restart'];
    case 'reloaded':
      return runs ? ['reload-or-restart'] : ['start'];
  }
}

/** Whether it runs, or systemd keeps starting it. */
export function isRunning(unit: UnitState): boolean {
  return unit.active === 'active' || unit.active === 'activating' || unit.active === 'reloading';
}

/** Whether it starts at boot, or by another unit, or cannot be enabled because it has nothing to hang on. */
export function isEnabled(unit: UnitState): boolean {
  return ['enabled', 'static', 'alias', 'indirect', 'generated'].includes(unit.unitFile);
}

function isDisablable(unit: UnitState): boolean {
  return unit.unitFile === 'enabled' || unit.unitFile === 'enabled-runtime';
}

function afterwards(unit: UnitState, verbs: readonly Verb[]): UnitState {
  let after = unit;
  for (const verb of verbs) {
    switch (verb) {
      case 'daemon-reload':
        after = { ...after, needsReload: false };
        break;
      case 'daemon-reexec':
        break;
      case 'unmask':
        after = { ...after, load: 'loaded', unitFile: 'disabled' };
        break;
      case 'mask':
        after = { ...after, load: 'masked', unitFile: 'masked' };
        break;
      case 'enable':
        after = { ...after, unitFile: 'enabled', needsReload: false };
        break;
      case 'disable':
        after = { ...after, unitFile: 'disabled', needsReload: false };
        break;
      case 'stop':
        after = { ...after, active: 'inactive', sub: null };
        break;
      case 'start':
      case 'restart':
      case 'reload-or-restart':
        after = { ...after, active: 'active', sub: null };
        break;
    }
  }
  return after;
}

function changeOf(
  args: ServiceArgs,
  what: { verbs: readonly Verb[]; unit: UnitState | null; after: UnitState | null },
): ServiceChange {
  const { verbs, unit, after } = what;
  const name = args.name ?? 'systemd';
  // A check may not know yet whether systemd has to read files anew before something else.
  const telling = verbs.filter((verb) => verb !== 'daemon-reload' || verbs.length === 1);
  const words = telling.map((verb) =>
    verb === 'daemon-reload'
      ? 'reload systemd'
      : verb === 'daemon-reexec'
        ? 'start systemd anew'
        : verb === 'reload-or-restart'
          ? 'reload'
          : verb,
  );
  return {
    summary: `${words.join(', ')}${args.name === undefined ? '' : ` ${args.name}`}`,
    edits:
      unit === null || after === null
        ? []
        : [{ subject: `unit ${name}`, before: lines(unit), after: lines(after, verbs) }],
    effects:
      args.name === undefined || after === null
        ? []
        : [effectOf(args.name, { verbs, after, scope: args.scope ?? 'system' })],
    forecast: known,
    args,
    verbs,
    after,
  };
}

/** What lay under a mask shows only when it is off. */
function effectOf(
  name: string,
  what: { readonly verbs: readonly Verb[]; readonly after: UnitState; readonly scope: UnitScope },
): Effect {
  if (!what.verbs.includes('unmask')) return unitEffect(name, what.after, what.scope);
  return { key: unitKey(name, what.scope), state: new Unknown('what lies under its mask is not known') };
}

function lines(unit: UnitState, verbs: readonly Verb[] = []): string {
  const again = verbs.includes('restart') || verbs.includes('reload-or-restart') ? ' (again)' : '';
  return `${unit.active}${again}\n${unit.unitFile === '' ? 'no unit file' : unit.unitFile}\n`;
}

// A mask is a link in the place of the unit's file, and systemctl replaces no file by it, not even with --force.
function notMaskable(args: ServiceArgs, kind: 'file' | 'link'): Failure {
  const name = unitName(args.name ?? '');
  return new Failure({
    code: 'HAPB6103',
    message: `${name} cannot be masked: ${maskPath(name, args.scope) ?? name} is a ${kind}, and the mask would lie there`,
    hint:
      kind === 'file'
        ? 'Remove the file before, or use `state: stopped` with `enabled: false`.'
        : 'Add `force: true` to replace the link, or use `state: stopped` with `enabled: false`.',
    argument: 'masked',
  });
}

function check(args: ServiceArgs, unit: UnitState): void {
  const name = unitName(args.name ?? '');
  if (unit.load === 'no-systemd') {
    throw new Failure({
      code: 'HAPB6100',
      message: `${name} cannot be managed: systemd does not run on this host`,
      hint: 'Use `command` with the host’s own tools.',
    });
  }
  const harmless =
    args.state !== 'started' &&
    args.state !== 'restarted' &&
    args.state !== 'reloaded' &&
    args.enabled !== true;
  if (unit.load === 'not-found' && !(harmless && args.masked === true)) {
    throw new Failure({
      code: 'HAPB6100',
      message: `the host has no unit ${name}`,
      hint: 'Install its package before, or correct the name.',
      argument: 'name',
    });
  }
  if (unit.load === 'masked' && args.masked !== false && !harmless) {
    throw new Failure({
      code: 'HAPB6102',
      message: `${name} is masked, so it cannot be started or enabled`,
      hint: 'Add `masked: false`.',
      argument: 'name',
    });
  }
}
