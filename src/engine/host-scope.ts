import { resolve } from 'node:path';
import type { Value } from '../core/value.ts';
import { hostEntry } from '../inventory/inventory.ts';
import { inventoryNames } from '../inventory/names.ts';
import type { Inherited, PlanPlay, PlanRole, UsedRole } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { type Layer, type VariableEntry, valueLayer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import type { HostState, Run } from './run.ts';

/** What a play adds to every scope. */
export interface PlayNames {
  readonly play: PlanPlay;
  /** Roles that the play has used so far, and what all its tasks see of them. */
  readonly roles: readonly UsedRole[];
  readonly exported: readonly Layer[];
  /** Hosts of the play, in the inventory's order whatever its own. */
  readonly all: readonly string[];
  /** Those of them that are still in it, and those of the batch. */
  readonly active: () => readonly string[];
  readonly batch: () => readonly string[];
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
  return createScope([
    ...(inherited === null ? [] : [inherited.connection]),
    ...(inherited === null ? [] : [addressLayer(host)]),
    ...(hostEntry(run.inventory, host.name)?.layers ?? []),
    { level: 'facts', source: `facts of ${host.name}`, entries: host.facts },
    ...names.play.layers,
    ...names.exported,
    ...(inherited?.layers ?? []),
    { level: 'include_vars', source: `read for ${host.name}`, entries: host.included },
    { level: 'set_fact and registered vars', source: `set on ${host.name}`, entries: host.registered },
    run.settings.extraVars,
    magicLayer(run, host, names),
    ...(inherited?.role === null || inherited === null ? [] : [roleLayer(inherited.role)]),
    ...more,
  ]);
}

/** A task may always ask for the address of its host; others do not see it through `hostvars`. The weakest word of the inventory. */
function addressLayer(host: HostState): Layer {
  return {
    level: 'inventory group vars',
    source: 'hapb',
    entries: new Map([['ansible_host', { kind: 'lazy', get: () => host.name }]]),
  };
}

function magicLayer(run: Run, host: HostState, names: PlayNames): Layer {
  const { settings, inventory } = run;
  const lazy: Record<string, () => Value> = {
    hostvars: () => hostvars(run, names),
    play_hosts: () => [...names.batch()],
    ansible_play_hosts: () => [...names.active()],
    ansible_play_hosts_all: () => [...names.all],
    ansible_play_batch: () => [...names.batch()],
    ansible_play_name: () => names.play.name,
    ansible_check_mode: () => settings.mode === 'check',
    ansible_diff_mode: () => settings.diff === 'yes',
    ansible_forks: () => settings.forks,
    ansible_verbosity: () => settings.verbosity,
    ansible_run_tags: () => (settings.tags.length === 0 ? ['all'] : [...settings.tags]),
    ansible_skip_tags: () => [...settings.skipTags],
    playbook_dir: () => names.play.folder,
    ansible_play_role_names: () => names.roles.map(({ role }) => role.name),
    role_names: () => names.roles.map(({ role }) => role.name),
    ansible_dependent_role_names: () => dependentRoles(names),
    ansible_role_names: () => [
      ...new Set([...dependentRoles(names), ...names.roles.map(({ role }) => role.name)]),
    ],
    ansible_facts: () => factsOf(host),
    ...(settings.limit === null ? {} : { ansible_limit: () => settings.limit }),
  };
  const known = hostEntry(inventory, host.name);
  const entries = new Map<string, VariableEntry>(known === undefined ? [] : inventoryNames(inventory, known));
  for (const [name, get] of Object.entries(lazy)) entries.set(name, { kind: 'lazy', get });
  return { level: 'magic', source: 'hapb', entries };
}

function dependentRoles({ roles }: PlayNames): readonly string[] {
  return [...new Set(roles.flatMap(({ role }) => role.dependencies))];
}

function roleLayer({ name, folder }: PlanRole): Layer {
  return valueLayer('magic', 'hapb', {
    role_name: name,
    ansible_role_name: name,
    role_path: resolve(folder),
  });
}

function factsOf(host: HostState): Value {
  const facts: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [name, entry] of host.facts) {
    if (entry.kind === 'value') facts[name.replace(/^ansible_/, '')] = entry.value;
  }
  return facts;
}

/** Every host's variables, looked up when used: building them all would be hosts × variables for each task. */
function hostvars(run: Run, names: PlayNames): Value {
  const all: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const name of run.inventory.hosts.keys()) {
    Object.defineProperty(all, name, { enumerable: true, get: () => variablesOf(run, name, names) });
  }
  // This machine is there for who names it, but is none of the inventory's hosts.
  for (const name of run.inventory.implicit.keys()) {
    Object.defineProperty(all, name, { enumerable: false, get: () => variablesOf(run, name, names) });
  }
  return all;
}

function variablesOf(run: Run, name: string, names: PlayNames): Value {
  const host = run.hosts.get(name);
  if (host === undefined) return {};
  const bare: PlayNames = { ...names, exported: [], play: { ...names.play, layers: [] } };
  const scope = hostScope(run, host, { names: bare, inherited: null, more: [] });
  const variables: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const variable of scope.names()) {
    if (variable === 'hostvars') continue;
    Object.defineProperty(variables, variable, {
      enumerable: true,
      get: () => scope.lookup(variable) ?? null,
    });
  }
  return variables;
}
