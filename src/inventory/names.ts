import { dirname, resolve } from 'node:path';
import type { Value } from '../core/value.ts';
import type { Layer } from '../variables/layer.ts';
import { lazyLayer } from '../variables/magic.ts';
import { groupHosts, groupNames, type HostEntry, type Inventory } from './inventory.ts';

type Names = Readonly<Record<string, (inventory: Inventory, host: HostEntry) => Value | undefined>>;

/** `undefined`: the host has no such name. */
const names: Names = {
  inventory_hostname: (_, { name }) => name,
  inventory_hostname_short: (_, { name }) => name.split('.')[0] ?? name,
  group_names: (inventory, { name }) => [...groupNames(inventory, name)],
  groups: groupsOf,
  ansible_inventory_sources: ({ sources }) => sources.map((name) => (isList(name) ? name : resolve(name))),
  inventory_file: (_, host) => sourceOf(host)?.file,
  inventory_dir: (_, host) => sourceOf(host)?.folder,
};

/** What `inventoryLayer` may name. */
export const inventoryNames: readonly string[] = Object.keys(names);

const layers = new WeakMap<HostEntry, Layer>();

/**
 * The names that the inventory itself gives to a host: its own, its groups, and where it is first named.
 * `inventory_file` and `inventory_dir` are those of the source that names it first; for a list of hosts the list and
 * `None`, for a host that a task has added both null, and this machine has neither when no source names it.
 */
export function inventoryLayer(inventory: Inventory, host: HostEntry): Layer {
  const known = layers.get(host);
  if (known !== undefined) return known;
  const made = lazyLayer(Object.entries(names).map(([name, get]) => [name, () => get(inventory, host)]));
  layers.set(host, made);
  return made;
}

/** What can be said of the groups before any host is chosen: for `hosts:` and its like. */
export function groupsLayer(inventory: Inventory): Layer {
  return lazyLayer([['groups', () => groupsOf(inventory)]]);
}

const groupMaps = new WeakMap<Inventory['groups'], Value>();

function groupsOf(inventory: Inventory): Value {
  const { groups } = inventory;
  const known = groupMaps.get(groups) ?? Object.fromEntries(groupHosts(inventory));
  groupMaps.set(groups, known);
  return known;
}

function sourceOf({
  kind,
  span,
}: HostEntry): { readonly file: string | null; readonly folder: string | null } | null {
  if (kind === 'implicit') return null;
  if (kind === 'added') return { file: null, folder: null };
  const list = /^-i (.*)$/.exec(span.file)?.[1];
  // Ansible's word, a text.
  if (list !== undefined) return { file: list, folder: 'None' };
  const file = resolve(span.file);
  return { file, folder: dirname(file) };
}

function isList(source: string): boolean {
  return source.includes(',');
}
