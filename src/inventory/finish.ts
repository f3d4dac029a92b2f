import { type Diagnostic, error, warning } from '../core/diagnostic.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { VariableEntry } from '../variables/layer.ts';
import type { BuiltGroup, BuiltHost, InventoryBuilder } from './builder.ts';
import { type GroupEntry, type HostEntry, type Inventory, localNames } from './inventory.ts';
import { type LayerMaker, layerMaker } from './layers.ts';
import type { FolderVars } from './vars-folders.ts';

/** What is known of an inventory besides hosts and groups. */
export interface InventoryFrame {
  readonly sources: readonly string[];
  readonly folder: string;
  readonly file: string | null;
  /** Variables of group_vars/ and host_vars/ by level, in the order in which folders were named. */
  readonly folderVars: FolderVars;
}

/** What of an inventory is worked out from all that is known of hosts and groups. */
export type Finished = Pick<Inventory, 'hosts' | 'implicit' | 'groups'>;

/**
 * Works out what the sources gave, and what a run has added. Adds HAPB3111 for a cycle of groups to the builder's
 * problems.
 */
export function finishInventory(builder: InventoryBuilder, { folderVars }: InventoryFrame): Finished {
  connectToAll(builder);
  const order = depths(builder);
  const priorities = takePriorities(builder);
  const ranked = rankedGroups(builder, { depth: order, priorities });
  const { ofGroup, ofHost } = layerMaker(builder, folderVars);
  const groups = new Map<string, GroupEntry>();
  for (const [name, group] of inOrder(builder.groups)) {
    groups.set(name, {
      name,
      span: group.span,
      parents: [...group.parents],
      children: [...group.children.keys()],
      depth: order.get(name) ?? 0,
      own: [...group.hosts],
      hosts: hostsOf(builder, group),
      layers: ofGroup(name),
      priority: priorities.get(name) ?? 1,
    });
  }
  const known = new Map<string, readonly string[]>();
  const hosts = new Map<string, HostEntry>();
  for (const name of groups.get('all')?.hosts ?? []) {
    const host = builder.hosts.get(name);
    if (host === undefined) continue;
    const key = [...host.groups].join('\n');
    const member = known.get(key) ?? memberships(builder, host, ranked);
    known.set(key, member);
    hosts.set(name, { name, span: host.span, groups: member, layers: ofHost(host, member), kind: host.kind });
  }
  return { hosts, implicit: implicitHosts(builder, hosts, ofHost), groups };
}

/** `all` and `ungrouped` first, as Ansible lists them. */
function inOrder(groups: Map<string, BuiltGroup>): readonly (readonly [string, BuiltGroup])[] {
  const isFirst = ([name]: readonly [string, BuiltGroup]): boolean => name === 'all' || name === 'ungrouped';
  const first = [...groups].filter(isFirst).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...first, ...[...groups].filter((group) => !isFirst(group))];
}

/** Every group without a parent is a child of `all`; a host in no other group is `ungrouped`. */
function connectToAll({ groups, hosts }: InventoryBuilder): void {
  const all = ensure(groups, 'all');
  const ungrouped = ensure(groups, 'ungrouped');
  // It comes before the other children wherever it is first named.
  const named = [...all.children].filter(([name]) => name !== 'ungrouped');
  all.children.clear();
  all.children.set('ungrouped', ungrouped.span);
  for (const [name, span] of named) all.children.set(name, span);
  for (const [name, group] of groups) {
    if (name === 'all' || group.parents.size > 0) continue;
    group.parents.add('all');
    if (!all.children.has(name)) all.children.set(name, group.span);
  }
  for (const host of hosts.values()) {
    const others = [...host.groups].filter((name) => name !== 'all' && name !== 'ungrouped');
    if (others.length === 0) {
      ungrouped.hosts.add(host.name);
      host.groups.add('ungrouped');
    } else if (host.groups.delete('ungrouped')) ungrouped.hosts.delete(host.name);
  }
}

function ensure(groups: Map<string, BuiltGroup>, name: string): BuiltGroup {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const span = fileSpan(`<group ${name}>`);
  const group: BuiltGroup = {
    name,
    span,
    hosts: new Set(),
    children: new Map(),
    parents: new Set(),
    variables: new Map(),
  };
  groups.set(name, group);
  return group;
}

/** The longest way from `all` to each group; a cycle is reported and cut. */
function depths(builder: InventoryBuilder): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const finished: string[] = [];
  const visit = (name: string): void => {
    const group = builder.groups.get(name);
    if (group === undefined || state.get(name) === 'done') return;
    state.set(name, 'open');
    path.push(name);
    for (const [child, span] of group.children) {
      if (state.get(child) === 'open') {
        const chain = [...path.slice(path.indexOf(child)), child];
        builder.problems.push(cycle(chain, span));
        group.children.delete(child);
        builder.groups.get(child)?.parents.delete(name);
      } else visit(child);
    }
    path.pop();
    state.set(name, 'done');
    finished.push(name);
  };
  visit('all');
  // Groups that only reach each other hang on nothing.
  for (const name of builder.groups.keys()) visit(name);
  for (const name of finished.reverse()) {
    const own = depth.get(name) ?? 0;
    depth.set(name, own);
    for (const child of builder.groups.get(name)?.children.keys() ?? []) {
      depth.set(child, Math.max(depth.get(child) ?? 0, own + 1));
    }
  }
  return depth;
}

function cycle(chain: readonly string[], span: Span): Diagnostic {
  return error({
    code: 'HAPB3111',
    message: `groups contain each other: ${chain.join(' → ')}`,
    hint: 'Remove one of these from the children of the one before it.',
    span,
  });
}

/** A group's own hosts, then those of its children, breadth first, as Ansible orders them. */
function hostsOf(builder: InventoryBuilder, group: BuiltGroup): readonly string[] {
  const hosts = new Set<string>();
  const seen = new Set([group.name]);
  let level: readonly BuiltGroup[] = [group];
  while (level.length > 0) {
    const next: BuiltGroup[] = [];
    for (const one of level) {
      for (const host of one.hosts) hosts.add(host);
      for (const child of one.children.keys()) {
        const built = builder.groups.get(child);
        if (built === undefined || seen.has(child)) continue;
        seen.add(child);
        next.push(built);
      }
    }
    level = next;
  }
  return [...hosts];
}

/** `ansible_group_priority` of each group, which is a setting of the group and no variable of its hosts. */
function takePriorities(builder: InventoryBuilder): ReadonlyMap<string, number> {
  const { priorities } = builder;
  for (const { name, variables } of builder.groups.values()) {
    const entry = variables.get('ansible_group_priority');
    const value = entry?.kind === 'value' ? Number(entry.value) : Number.NaN;
    if (Number.isFinite(value)) priorities.set(name, value);
    variables.delete('ansible_group_priority');
  }
  return priorities;
}

/** Groups from weakest to strongest: by depth, then `ansible_group_priority`, then name. */
function rankedGroups(
  builder: InventoryBuilder,
  { depth, priorities }: Readonly<Record<'depth' | 'priorities', ReadonlyMap<string, number>>>,
): readonly string[] {
  const depthOf = (name: string): number => depth.get(name) ?? 0;
  const priorityOf = (name: string): number => priorities.get(name) ?? 1;
  return [...builder.groups.keys()].sort(
    (a, b) => depthOf(a) - depthOf(b) || priorityOf(a) - priorityOf(b) || (a < b ? -1 : 1),
  );
}

function memberships(
  builder: InventoryBuilder,
  host: BuiltHost,
  ranked: readonly string[],
): readonly string[] {
  const member = new Set<string>();
  const add = (name: string): void => {
    if (member.has(name)) return;
    member.add(name);
    for (const parent of builder.groups.get(name)?.parents ?? []) add(parent);
  };
  for (const name of host.groups) add(name);
  return ranked.filter((name) => name !== 'all' && member.has(name));
}

function implicitHosts(
  builder: InventoryBuilder,
  listed: ReadonlyMap<string, HostEntry>,
  layersOf: LayerMaker['ofHost'],
): ReadonlyMap<string, HostEntry> {
  const local: VariableEntry = { kind: 'value', value: 'local', span: null };
  const names = localNames.filter((name) => !listed.has(name));
  const first = [...builder.hosts.keys()].find((name) => localNames.includes(name));
  const meant = first === undefined ? undefined : listed.get(first);
  if (meant !== undefined) return new Map(names.map((name) => [name, meant]));
  return new Map(
    names.map((name) => [
      name,
      {
        name,
        span: fileSpan('<implicit localhost>'),
        groups: [],
        layers: layersOf({ name, variables: new Map([['ansible_connection', local]]) }, []),
        kind: 'implicit',
      },
    ]),
  );
}

/** HAPB3112. */
export function warnOfSharedNames(builder: InventoryBuilder): void {
  for (const [name, group] of builder.groups) {
    const host = builder.hosts.get(name);
    if (host === undefined) continue;
    builder.problems.push(
      warning({
        code: 'HAPB3112',
        message: `${name} is the name of a host and of a group`,
        hint: 'Rename one; patterns would otherwise mean the host alone.',
        span: group.span,
        related: [{ message: 'the host', span: host.span }],
      }),
    );
  }
}
