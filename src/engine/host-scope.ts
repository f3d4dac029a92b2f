import type { Value } from '../core/value.ts';
import { hostEntry } from '../inventory/inventory.ts';
import { inventoryLayer } from '../inventory/names.ts';
import type { Inherited, PlanPlay, UsedRole } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import { lazyMap, scopeMap } from '../variables/lazy-map.ts';
import { lazyLayer, playLayer } from '../variables/magic.ts';
import { createScope } from '../variables/scope.ts';
import type { HostState, Run } from './run.ts';

/** What a play adds to every scope. */
export interface PlayNames {
  /** What all its tasks see of the play itself and of its roles. */
  readonly layers: readonly Layer[];
  /** Its hosts, its roles, and whatever else hapb itself tells of it. */
  readonly magic: Layer;
}

/** The names that a task on a host may use, weakest layer first as Ansible ranks them. */
export function hostScope(
  run: Run,
  host: HostState,
  {
    names,
    inherited,
    more,
  }: { readonly names: PlayNames; readonly inherited: Inherited | null; readonly more: readonly Layer[] },
): Scope {
  const entry = hostEntry(run.inventory, host.name);
  const scope: Scope = createScope([
    ...(inherited === null ? [] : [inherited.connection, addressLayer(host)]),
    ...(entry?.layers ?? []),
    { level: 'facts', source: `facts of ${host.name}`, entries: host.facts },
    ...names.layers,
    ...(inherited?.layers ?? []),
    { level: 'include_vars', source: `read for ${host.name}`, entries: host.included },
    { level: 'set_fact and registered vars', source: `set on ${host.name}`, entries: host.registered },
    run.settings.extraVars,
    run.magic,
    names.magic,
    ...(entry === undefined ? [] : [inventoryLayer(run.inventory, entry)]),
    lazyLayer([
      ['ansible_facts', () => factsOf(host)],
      ['vars', () => scopeMap(() => scope, 'vars')],
    ]),
    ...more,
  ]);
  return scope;
}

/** A task may always ask for the address of its host; others do not see it through `hostvars`. The weakest word of the inventory. */
function addressLayer(host: HostState): Layer {
  return { ...lazyLayer([['ansible_host', () => host.name]]), level: 'inventory group vars' };
}

/** What hapb itself tells of a play. `hosts`: all of them, in the inventory's order whatever the play's own. */
export function playMagic(
  run: Run,
  play: PlanPlay,
  now: {
    readonly all: readonly string[];
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
    hostvars: () => hostvars(run, magic),
  });
  return magic;
}

/** What a host's facts are called behind `ansible_facts`. */
function factsOf({ facts }: HostState): Value {
  const known: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [name, entry] of facts) {
    if (entry.kind === 'value') known[name.replace(/^ansible_/, '')] = entry.value;
  }
  return known;
}

/** Every host's variables. This machine is there for who names it, but is none of the inventory's hosts. */
function hostvars(run: Run, magic: Layer): Value {
  return lazyMap({
    names: () => [...run.inventory.hosts.keys()],
    find: (name) => variablesOf(run, name, magic),
  });
}

function variablesOf(run: Run, name: string, magic: Layer): Value | undefined {
  const host = run.hosts.get(name);
  if (host === undefined || hostEntry(run.inventory, name) === undefined) return undefined;
  const scope = hostScope(run, host, { names: { layers: [], magic }, inherited: null, more: [] });
  return scopeMap(() => scope, 'hostvars');
}
