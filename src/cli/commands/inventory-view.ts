import { Failure } from '../../core/failure.ts';
import { nearest } from '../../core/nearest.ts';
import { Secret } from '../../core/secret.ts';
import { hostEntry, type Inventory } from '../../inventory/inventory.ts';
import type { Scope } from '../../template/template.ts';
import type { Layer } from '../../variables/layer.ts';
import { createScope, explain, formatExplanation } from '../../variables/scope.ts';
import { commandLine } from '../usage.ts';

/** What `hapb inventory` shows. */
export type InventoryView =
  | { readonly kind: 'list' }
  | { readonly kind: 'graph' }
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'explain'; readonly host: string; readonly variable: string };

/** The view as text. @throws Failure HAPB8007: there is no such host; HAPB8012: it has no such variable */
export function inventoryText(view: InventoryView, inventory: Inventory, extraVars: Layer): string {
  switch (view.kind) {
    case 'list':
      return json(listOf(inventory, extraVars));
    case 'graph':
      return `${graphLines(inventory, 'all', 0).join('\n')}\n`;
    case 'host':
      return json(hostVariables(inventory, view.name, extraVars));
    case 'explain':
      return `${explanation(inventory, view, extraVars)}\n`;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

/** The form in which inventory scripts answer `--list`; what is empty is left out, as ansible-inventory does. */
function listOf(inventory: Inventory, extraVars: Layer): unknown {
  const names = [...inventory.hosts.keys()];
  const hostvars = Object.fromEntries(
    names
      .map((name) => [name, hostVariables(inventory, name, extraVars)] as const)
      .filter(([, variables]) => Object.keys(variables).length > 0),
  );
  const groups = [...inventory.groups.keys()].flatMap((name): readonly [string, unknown][] => {
    const children = childrenOf(inventory, name);
    const hosts = directHosts(inventory, name);
    if (hosts.length === 0 && children.length === 0) return [];
    return [[name, { ...(hosts.length > 0 ? { hosts } : {}), ...(children.length > 0 ? { children } : {}) }]];
  });
  return { _meta: { hostvars }, ...Object.fromEntries(groups) };
}

/** In the order of the inventory; `ungrouped` first, as Ansible shows it. */
function childrenOf(inventory: Inventory, name: string): readonly string[] {
  const children = inventory.groups.get(name)?.children ?? [];
  const ungrouped = children.filter((child) => child === 'ungrouped');
  return [...ungrouped, ...children.filter((child) => child !== 'ungrouped')];
}

/** Hosts of a group that none of its children has. */
function directHosts(inventory: Inventory, name: string): readonly string[] {
  const group = inventory.groups.get(name);
  const below = new Set((group?.children ?? []).flatMap((child) => inventory.groups.get(child)?.hosts ?? []));
  return (group?.hosts ?? []).filter((host) => !below.has(host));
}

function graphLines(inventory: Inventory, name: string, depth: number): readonly string[] {
  const indent = (level: number): string => (level === 0 ? '' : `${'  |'.repeat(level)}--`);
  const children = childrenOf(inventory, name);
  return [
    `${indent(depth)}@${name}:`,
    ...children.flatMap((child) => graphLines(inventory, child, depth + 1)),
    ...directHosts(inventory, name).map((host) => `${indent(depth + 1)}${host}`),
  ];
}

/** Variables of a host with templates rendered; one that cannot be rendered shows why. */
function hostVariables(
  inventory: Inventory,
  name: string,
  extraVars: Layer,
): Readonly<Record<string, unknown>> {
  const scope = scopeOf(inventory, name, extraVars);
  const names = [...scope.names()].sort();
  return Object.fromEntries(names.map((variable) => [variable, shownValue(scope, variable)]));
}

function scopeOf(inventory: Inventory, name: string, extraVars: Layer): Scope {
  const entry = hostEntry(inventory, name);
  if (entry === undefined) throw noSuchHost(name, inventory);
  return createScope([...entry.layers, extraVars]);
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
  inventory: Inventory,
  { host, variable }: InventoryView & { readonly kind: 'explain' },
  extraVars: Layer,
): string {
  const scope = scopeOf(inventory, host, extraVars);
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
