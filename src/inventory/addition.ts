import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { isList, isMap, type Output, type Value } from '../core/value.ts';
import { type BuiltGroup, badHost, groupIn, hostIn, type InventoryBuilder, isHostName } from './builder.ts';
import { type Addition, localNames } from './inventory.ts';

/** What the result of `add_host` or `group_by` adds, from a task on `host`. */
export function additionOf(
  output: Output,
  { host, span }: { readonly host: string; readonly span: Span },
): Addition {
  const { add_host: added } = output;
  if (!isMap(added)) {
    const parents = textsOf(output.parent_groups);
    return { kind: 'group', name: textOf(output.add_group), parents, host, span };
  }
  const variables = isMap(added.host_vars) ? added.host_vars : {};
  return { kind: 'host', name: textOf(added.host_name), variables, groups: textsOf(added.groups), span };
}

function textsOf(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map(textOf) : [];
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Adds to what the sources gave. HAPB3106 for a name that no host can have, HAPB3125 for a group without a name, HAPB3126
 * for groups that would contain each other.
 */
export function addTo(builder: InventoryBuilder, addition: Addition): Result<'changed' | 'same'> {
  const { span } = addition;
  const groups = addition.kind === 'host' ? addition.groups : [addition.name, ...addition.parents];
  if (groups.includes('')) return failure([namelessGroup(span)]);
  const problem = addition.kind === 'host' ? null : problemOfParents(builder, addition);
  if (problem !== null) return failure([problem]);
  return addition.kind === 'host' ? addHost(builder, addition) : addGroup(builder, addition);
}

function addHost(
  builder: InventoryBuilder,
  { name, variables, groups, span }: Addition & { readonly kind: 'host' },
): Result<'changed' | 'same'> {
  if (!isHostName(name))
    return failure([{ ...badHost(name, span), hint: 'Write NAME or NAME:PORT, without blanks and quotes.' }]);
  let changed = !builder.hosts.has(name);
  const host = hostIn(builder, name, { span, kind: 'added' });
  if (changed) groupIn(builder, 'all', span).hosts.add(name);
  for (const [key, value] of Object.entries(variables)) {
    const earlier = host.variables.get(key);
    if (earlier?.kind === 'value' && isDeepStrictEqual(earlier.value, value)) continue;
    host.variables.set(key, { kind: 'value', value, span });
    changed = true;
  }
  for (const group of groups) {
    const known = groupIn(builder, group, span);
    if (known.hosts.has(name)) continue;
    known.hosts.add(name);
    host.groups.add(group);
    changed = true;
  }
  return success(changed ? 'changed' : 'same');
}

function addGroup(
  builder: InventoryBuilder,
  { name, parents, host: hostName, span }: Addition & { readonly kind: 'group' },
): Result<'changed' | 'same'> {
  let changed = false;
  const group = groupIn(builder, name, span);
  for (const parentName of parents) {
    const parent = groupIn(builder, parentName, span);
    if (parent.children.has(name)) continue;
    parent.children.set(name, span);
    group.parents.add(parentName);
    changed = true;
  }
  const host = builder.hosts.get(hostName) ?? thisMachine(builder, hostName, span);
  if (!below(builder, group).some((one) => one.hosts.has(hostName))) {
    group.hosts.add(hostName);
    host.groups.add(name);
    changed = true;
  }
  return success(changed ? 'changed' : 'same');
}

/** Only this machine can be in a play without being in the inventory. */
function thisMachine(builder: InventoryBuilder, name: string, span: Span) {
  const host = hostIn(builder, name, { span, kind: localNames.includes(name) ? 'implicit' : 'added' });
  host.variables.set('ansible_connection', { kind: 'value', value: 'local', span: null });
  return host;
}

/** A group and all that is in it. */
function below(builder: InventoryBuilder, group: BuiltGroup): readonly BuiltGroup[] {
  const found = new Set([group]);
  // A set that grows is walked to its end.
  for (const one of found) {
    for (const child of one.children.keys()) {
      const built = builder.groups.get(child);
      if (built !== undefined) found.add(built);
    }
  }
  return [...found];
}

function problemOfParents(
  builder: InventoryBuilder,
  { name, parents, span }: Addition & { readonly kind: 'group' },
): Diagnostic | null {
  const group = builder.groups.get(name);
  const inner = group === undefined ? [name] : below(builder, group).map((one) => one.name);
  const parent = parents.find((one) => inner.includes(one));
  if (parent === undefined) return null;
  return error({
    code: 'HAPB3126',
    message:
      parent === name
        ? `the group ${name} cannot be its own parent`
        : `${parent} cannot be a parent of ${name}: it is in that group`,
    hint: 'Name other parents, or another group.',
    span,
  });
}

function namelessGroup(span: Span): Diagnostic {
  return error({
    code: 'HAPB3125',
    message: 'a group needs a name, and one of these is empty',
    hint: 'Look at the variables and commas in the names of the groups.',
    span,
  });
}
