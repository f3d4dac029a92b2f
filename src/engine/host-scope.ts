import type { Value } from '../core/value.ts';
import { hostEntry } from '../inventory/inventory.ts';
import { inventoryLayer } from '../inventory/names.ts';
import type { Inherited, PlanPlay, UsedRole } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { type HostVariables, hostLayers } from '../variables/host-variables.ts';
import { type Layer, layersBeside, valueLayer } from '../variables/layer.ts';
import { lazyMap, scopeMap } from '../variables/lazy-map.ts';
import { lazyLayer, playLayer } from '../variables/magic.ts';
import { createScope } from '../variables/scope.ts';
import type { Run } from './run.ts';

/** What a play adds to every scope. */
export interface PlayNames {
  /** The folder of its playbook. */
  readonly folder: string;
  /** What all its tasks see of the play itself and of its roles. */
  readonly layers: readonly Layer[];
  /** Its hosts, its roles, and whatever else hapb itself tells of it. */
  readonly magic: Layer;
}

/** The names that a task on a host may use, weakest layer first as Ansible ranks them. */
export function hostScope(
  run: Run,
  host: HostVariables,
  {
    names,
    inherited,
    more,
  }: { readonly names: PlayNames; readonly inherited: Inherited | null; readonly more: readonly Layer[] },
): Scope {
  const entry = hostEntry(run.inventory, host.name);
  const { missing, address, facts, named, included, registered } = hostLayers(host);
  const scope: Scope = createScope([
    missing,
    ...(inherited === null ? [] : [inherited.connection, address]),
    ...layersBeside(entry?.layers ?? [], names.folder),
    facts,
    ...names.layers,
    ...(inherited?.layers ?? []),
    included,
    registered,
    run.settings.extraVars,
    run.magic,
    names.magic,
    ...(entry === undefined ? [] : [inventoryLayer(run.inventory, entry)]),
    named,
    lazyLayer([['vars', () => scopeMap(() => scope, 'vars')]]),
    ...(run.doubt === null
      ? []
      : [valueLayer('magic', 'hapb', { groups: run.doubt, group_names: run.doubt })]),
    ...more,
  ]);
  return scope;
}

/** What hapb itself tells of a play. `hosts`: all of them, in the inventory's order whatever the play's own. */
export function playMagic(
  run: Run,
  play: PlanPlay,
  now: {
    readonly all: () => readonly string[];
    readonly active: () => readonly string[];
    readonly batch: () => readonly string[];
    readonly roles: () => readonly UsedRole[];
  },
): Layer {
  const magic: Layer = playLayer({
    ...now,
    name: play.name,
    folder: play.folder,
    roles: () => now.roles().map(({ role }) => role.name),
    dependencies: () => now.roles().flatMap(({ role }) => role.dependencies),
    hostvars: () => hostvars(run, { layers: [], magic, folder: play.folder }),
  });
  return magic;
}

/** Every host's variables. This machine is there for who names it, but is none of the inventory's hosts. */
function hostvars(run: Run, names: PlayNames): Value {
  return lazyMap({
    names: () => [...run.inventory.hosts.keys()],
    find: (name) => variablesOf(run, name, names) ?? run.doubt ?? undefined,
  });
}

function variablesOf(run: Run, name: string, names: PlayNames): Value | undefined {
  const host = run.hosts.get(name);
  if (host === undefined || hostEntry(run.inventory, name) === undefined) return undefined;
  const scope = hostScope(run, host, { names, inherited: null, more: [] });
  return scopeMap(() => scope, 'hostvars');
}
