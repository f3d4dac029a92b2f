import { dirname, resolve } from 'node:path';
import type { Value } from '../core/value.ts';
import type { VariableEntry } from '../variables/layer.ts';
import { groupHosts, groupNames, type HostEntry, type Inventory } from './inventory.ts';

/**
 * The names that the inventory itself gives to a host: its own, its groups, and where it is first named.
 * `inventory_file` and `inventory_dir` are those of the source that names it first; for a list of hosts the list and
 * null, for a host that a task has added both null, and this machine has neither when no source names it.
 */
export function inventoryNames(inventory: Inventory, host: HostEntry): ReadonlyMap<string, VariableEntry> {
  const source = sourceOf(host);
  const lazy: Record<string, () => Value> = {
    inventory_hostname: () => host.name,
    inventory_hostname_short: () => host.name.split('.')[0] ?? host.name,
    group_names: () => [...groupNames(inventory, host.name)],
    groups: () => Object.fromEntries([...groupHosts(inventory)].map(([name, hosts]) => [name, [...hosts]])),
    ansible_inventory_sources: () => inventory.sources.map((name) => (isList(name) ? name : resolve(name))),
    ...(source === null ? {} : { inventory_file: () => source.file, inventory_dir: () => source.folder }),
  };
  return new Map(Object.entries(lazy).map(([name, get]) => [name, { kind: 'lazy', get }]));
}

function sourceOf({
  kind,
  span,
}: HostEntry): { readonly file: string | null; readonly folder: string | null } | null {
  if (kind === 'implicit') return null;
  if (kind === 'added') return { file: null, folder: null };
  const list = /^-i (.*)$/.exec(span.file)?.[1];
  if (list !== undefined) return { file: list, folder: null };
  const file = resolve(span.file);
  return { file, folder: dirname(file) };
}

function isList(source: string): boolean {
  return source.includes(',');
}
