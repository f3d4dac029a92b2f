import { Failure } from '../../core/failure.ts';
import { nearest } from '../../core/nearest.ts';
import { Secret } from '../../core/secret.ts';
import type { Value } from '../../core/value.ts';
import { printed } from '../../expression/print-value.ts';
import { writeYaml } from '../../expression/yaml/write.ts';
import { type GroupEntry, type HostEntry, hostEntry, type Inventory } from '../../inventory/inventory.ts';
import { inventoryLayer } from '../../inventory/names.ts';
import type { Scope } from '../../template/template.ts';
import type { Layer } from '../../variables/layer.ts';
import { createScope, explain, formatExplanation } from '../../variables/scope.ts';
import { commandLine } from '../usage.ts';

/** How data is written. */
export type InventoryForm = 'json' | 'yaml';

/** What `hapb inventory` shows. */
export type InventoryView =
  | { readonly kind: 'list'; readonly variables: 'of-hosts' | 'where-set'; readonly form: InventoryForm }
  | { readonly kind: 'graph'; readonly group: string; readonly variables: 'hidden' | 'shown' }
  | { readonly kind: 'host'; readonly name: string; readonly form: InventoryForm }
  | { readonly kind: 'explain'; readonly host: string; readonly variable: string };

/** What there is to show. */
export interface ShownInventory {
  readonly inventory: Inventory;
  readonly extraVars: Layer;
  /** Hosts that `--limit` leaves; `null`: all. */
  readonly within: ReadonlySet<string> | null;
}

/** The view as text. @throws Failure HAPB8007: there is no such host or group; HAPB8012: it has no such variable */
export function inventoryText(view: InventoryView, shown: ShownInventory): string {
  switch (view.kind) {
    case 'list':
      return view.form === 'json' ? json(listOf(shown, view.variables)) : yaml(treeOf(shown, view.variables));
    case 'graph':
      return `${graphLines(shown, { ...view, depth: 0 }).join('\n')}\n`;
    case 'host':
      return (view.form === 'json' ? json : yaml)(variablesOf(shown, hostNamed(shown.inventory, view.name)));
    case 'explain':
      return `${explanation(shown, view)}\n`;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

function yaml(value: unknown): string {
  return writeYaml(value as Value, { indent: 2, width: 80, sorted: true, brackets: 'none' });
}

/** The form of inventories in YAML; a host's variables and a group's content stand where they are first named. */
function treeOf(shown: ShownInventory, variables: 'of-hosts' | 'where-set'): unknown {
  const { inventory, within } = shown;
  const seen = new Set<string>();
  const first = (name: string): boolean => !seen.has(name) && seen.add(name).has(name);
  const filled = (parts: Readonly<Record<string, Readonly<Record<string, unknown>>>>): object =>
    Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0));
  const groupOf = (name: string): object => {
    const group = inventory.groups.get(name);
    if (group === undefined) return {};
    const children = group.children.flatMap((child): readonly (readonly [string, unknown])[] => {
      if (!first(`@${child}`)) return [[child, {}]];
      const content = groupOf(child);
      return Object.keys(content).length === 0 ? [] : [[child, content]];
    });
    const names = name === 'all' ? [] : group.own.filter((host) => within === null || within.has(host));
    const hosts = names.map((host): readonly [string, unknown] => [
      host,
      first(host)
        ? (variables === 'of-hosts' ? variablesOf : ownVariables)(shown, hostNamed(inventory, host))
        : {},
    ]);
    const vars = variables === 'of-hosts' ? {} : groupVariables(shown, group);
    return filled({ children: Object.fromEntries(children), hosts: Object.fromEntries(hosts), vars });
  };
  return { all: groupOf('all') };
}

/** The form in which inventory scripts answer `--list`; what is empty is left out, as ansible-inventory does. */
function listOf(shown: ShownInventory, variables: 'of-hosts' | 'where-set'): unknown {
  const { inventory, within } = shown;
  const isShown = (name: string): boolean => within === null || within.has(name);
  const hostvars = [...inventory.hosts.values()].flatMap((host) => {
    if (!isShown(host.name)) return [];
    const found = variables === 'of-hosts' ? variablesOf(shown, host) : ownVariables(shown, host);
    return Object.keys(found).length === 0 ? [] : [[host.name, found] as const];
  });
  const groups = [...inventory.groups.values()].flatMap((group) => {
    const hosts = group.name === 'all' ? [] : group.own.filter(isShown);
    const vars = variables === 'of-hosts' ? {} : groupVariables(shown, group);
    const parts = {
      ...(hosts.length > 0 ? { hosts } : {}),
      ...(group.children.length > 0 ? { children: group.children } : {}),
      ...(Object.keys(vars).length > 0 ? { vars } : {}),
    };
    return Object.keys(parts).length === 0 ? [] : [[group.name, parts] as const];
  });
  return { _meta: { hostvars: Object.fromEntries(hostvars) }, ...Object.fromEntries(groups) };
}

interface GraphPart {
  readonly group: string;
  readonly variables: 'hidden' | 'shown';
  readonly depth: number;
}

function graphLines(shown: ShownInventory, { group: name, variables, depth }: GraphPart): readonly string[] {
  const group = shown.inventory.groups.get(name);
  if (group === undefined) throw noSuchGroup(name, shown.inventory);
  const indent = (level: number): string => (level === 0 ? '' : `${'  |'.repeat(level)}--`);
  const variableLines = (found: Readonly<Record<string, unknown>>, level: number): readonly string[] =>
    variables === 'hidden'
      ? []
      : Object.entries(found).map(([key, value]) => `${indent(level)}{${key} = ${shownText(value)}}`);
  return [
    `${indent(depth)}@${name}:`,
    ...group.children.flatMap((child) => graphLines(shown, { group: child, variables, depth: depth + 1 })),
    ...(name === 'all' ? [] : group.own).flatMap((host) => [
      `${indent(depth + 1)}${host}`,
      ...variableLines(variablesOf(shown, hostNamed(shown.inventory, host)), depth + 2),
    ]),
    ...variableLines(groupVariables(shown, group), depth + 1),
  ];
}

function shownText(value: unknown): string {
  return value === null ? 'None' : printed(value as Value);
}

/** Variables that hold for a host, with templates rendered; one that cannot be rendered shows why. */
function variablesOf({ inventory, extraVars }: ShownInventory, host: HostEntry): Record<string, unknown> {
  return rendered(scopeOf(inventory, host, extraVars), [...host.layers, extraVars]);
}

/** Those of a host that no group gives it. */
function ownVariables({ inventory, extraVars }: ShownInventory, host: HostEntry): Record<string, unknown> {
  const own = host.layers.filter(({ level }) => / host(?:_vars| vars)/.test(level));
  return rendered(scopeOf(inventory, host, extraVars), own);
}

/** Those of a group, rendered with what the group alone knows. */
function groupVariables({ extraVars }: ShownInventory, group: GroupEntry): Record<string, unknown> {
  const found = rendered(createScope([...group.layers, extraVars]), group.layers);
  return group.priority === 1 ? found : { ...found, ansible_group_priority: group.priority };
}

/** The variables that these layers set, by name, with the values that the scope has. */
function rendered(scope: Scope, layers: readonly Layer[]): Record<string, unknown> {
  const names = [...new Set(layers.flatMap(({ entries }) => [...entries.keys()]))].sort();
  return Object.fromEntries(names.map((name) => [name, shownValue(scope, name)]));
}

function scopeOf(inventory: Inventory, host: HostEntry, extraVars: Layer): Scope {
  return createScope([...host.layers, extraVars, inventoryLayer(inventory, host)]);
}

function hostNamed(inventory: Inventory, name: string): HostEntry {
  const entry = hostEntry(inventory, name);
  if (entry === undefined) throw noSuchHost(name, inventory);
  return entry;
}

function shownValue(scope: Scope, variable: string): unknown {
  if (/(password|_pass|secret|token)$/.test(variable)) return new Secret('', variable).toString();
  try {
    return scope.lookup(variable);
  } catch (problem) {
    if (problem instanceof Failure) return `‹${problem.message}›`;
    throw problem;
  }
}

/** Which place won, what it hid, and the value. */
function explanation(
  { inventory, extraVars }: ShownInventory,
  { host, variable }: InventoryView & { readonly kind: 'explain' },
): string {
  const scope = scopeOf(inventory, hostNamed(inventory, host), extraVars);
  const found = explain(scope, variable);
  if (found.winner === null) {
    const near = nearest(variable, scope.names());
    const hint =
      near === null ? `See hapb inventory --host ${host} for all of them.` : `Did you mean ${near}?`;
    const message = `nothing in the inventory or the extra variables sets '${variable}' for ${host}`;
    throw new Failure({ code: 'HAPB8012', message, hint }, commandLine);
  }
  return `${formatExplanation(found)}\n  value: ${JSON.stringify(shownValue(scope, variable))}`;
}

function noSuchHost(name: string, inventory: Inventory): Failure {
  const near = nearest(name, inventory.hosts.keys());
  const hint = near === null ? 'See hapb inventory --graph for all hosts.' : `Did you mean ${near}?`;
  return new Failure({ code: 'HAPB8007', message: `the inventory has no host '${name}'`, hint }, commandLine);
}

function noSuchGroup(name: string, inventory: Inventory): Failure {
  const near = nearest(name, inventory.groups.keys());
  const hint = near === null ? 'See hapb inventory --graph for all groups.' : `Did you mean ${near}?`;
  return new Failure(
    { code: 'HAPB8007', message: `the inventory has no group '${name}'`, hint },
    commandLine,
  );
}
