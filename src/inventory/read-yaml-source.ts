import { error } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import { entriesOf } from '../variables/entries.ts';
import {
  addChild,
  addHosts,
  type BuiltGroup,
  groupIn,
  type InventoryBuilder,
  setVariables,
} from './builder.ts';

/** Fills an inventory from a YAML or JSON document: groups at the top, each with `hosts`, `vars` and `children`. */
export function readYamlSource(builder: InventoryBuilder, root: DocNode): void {
  if (root.kind !== 'map') {
    const isText = root.kind === 'scalar';
    report(builder, 'HAPB3101', {
      message: `an inventory must be a map of groups, not a ${isText ? 'single text' : 'list'}`,
      hint: `Write\n${rightForm}`,
      span: root.span,
    });
    return;
  }
  for (const entry of root.entries) {
    const misplaced = ['hosts', 'vars', 'children'].includes(entry.key);
    if (misplaced) {
      report(builder, 'HAPB3103', {
        message: `\`${entry.key}\` stands at the top, where the names of groups stand`,
        hint: `Put it under a group:\n${rightForm}`,
        span: entry.span,
      });
    } else readGroup(builder, entry);
  }
}

const rightForm = [
  'all:',
  '  hosts:',
  '    node1:',
  '      ansible_host: 192.0.2.1',
  '  vars:',
  '    ansible_user: admin',
].join('\n');

function readGroup(builder: InventoryBuilder, { key, span, value }: MapEntry): void {
  const group = groupIn(builder, key, span);
  if (isNothing(value)) return;
  if (value.kind !== 'map') {
    report(builder, 'HAPB3102', {
      message: `the group ${key} must be a map with hosts, vars or children, not ${kindOf(value)}`,
      hint: `Write\n${key}:\n  hosts:\n${listedHosts(value, '    ')}`,
      span: value.span,
    });
    return;
  }
  for (const part of value.entries) {
    switch (part.key) {
      case 'hosts':
        readHosts(builder, group, part);
        break;
      case 'vars':
        readVariables(builder, group, part);
        break;
      case 'children':
        readChildren(builder, group, part);
        break;
      default:
        unknownKey(builder, { group: key, part, siblings: value });
    }
  }
}

function readHosts(builder: InventoryBuilder, group: BuiltGroup, { value, span }: MapEntry): void {
  if (isNothing(value)) return;
  if (value.kind === 'scalar') {
    addHosts(builder, group, { pattern: String(value.value), span: value.span });
    return;
  }
  if (value.kind === 'list') {
    report(builder, 'HAPB3102', {
      message: `the hosts of ${group.name} are a list; an inventory lists them as keys`,
      hint: `Write\nhosts:\n${listedHosts(value, '  ')}`,
      span,
    });
    return;
  }
  for (const host of value.entries) {
    const built = addHosts(builder, group, { pattern: host.key, span: host.span });
    if (isNothing(host.value)) continue;
    if (host.value.kind !== 'map') {
      report(builder, 'HAPB3102', {
        message: `the host ${host.key} must have a map of variables or nothing, not ${kindOf(host.value)}`,
        hint: `Write\n${host.key}:\n  ansible_host: ${host.value.kind === 'scalar' ? String(host.value.value) : '192.0.2.1'}`,
        span: host.value.span,
      });
      continue;
    }
    const { entries, problems } = entriesOf(host.value, builder.decrypt);
    builder.problems.push(...problems);
    for (const one of built) setVariables(builder, one, entries);
  }
}

function readVariables(builder: InventoryBuilder, group: BuiltGroup, { value }: MapEntry): void {
  if (isNothing(value)) return;
  if (value.kind !== 'map') {
    report(builder, 'HAPB3102', {
      message: `the vars of ${group.name} must be a map of names to values, not ${kindOf(value)}`,
      hint: 'Write `vars:` and below it one `name: value` a line, without dashes.',
      span: value.span,
    });
    return;
  }
  const { entries, problems } = entriesOf(value, builder.decrypt);
  builder.problems.push(...problems);
  setVariables(builder, group, entries);
}

function readChildren(builder: InventoryBuilder, group: BuiltGroup, { value, span }: MapEntry): void {
  if (isNothing(value)) return;
  if (value.kind === 'scalar') {
    addChild(builder, group, { name: String(value.value), span: value.span });
    return;
  }
  if (value.kind === 'list') {
    report(builder, 'HAPB3102', {
      message: `the children of ${group.name} are a list; an inventory lists them as keys`,
      hint: `Write\nchildren:\n${listedHosts(value, '  ')}`,
      span,
    });
    return;
  }
  for (const child of value.entries) {
    addChild(builder, group, { name: child.key, span: child.span });
    readGroup(builder, child);
  }
}

function unknownKey(
  builder: InventoryBuilder,
  { group, part, siblings }: { readonly group: string; readonly part: MapEntry; readonly siblings: MapNode },
): void {
  const meant = suggest(part.key, ['hosts', 'vars', 'children']);
  const free = meant !== null && !siblings.entries.some(({ key }) => key === meant);
  const asVariable = part.value.kind === 'scalar' && part.value.value !== null;
  const hint = free
    ? `Did you mean \`${meant}\`?`
    : asVariable
      ? `A group's variables stand under vars:\n${group}:\n  vars:\n    ${part.key}: …`
      : `Put hosts under \`hosts:\` and groups under \`children:\`:\n${group}:\n  children:\n    ${part.key}:`;
  report(builder, 'HAPB3103', {
    message: `the group ${group} has no key \`${part.key}\`; it has hosts, vars and children`,
    hint,
    span: part.span,
  });
}

function report(
  builder: InventoryBuilder,
  code: 'HAPB3101' | 'HAPB3102' | 'HAPB3103',
  problem: { readonly message: string; readonly hint: string; readonly span: Span },
): void {
  builder.problems.push(error({ code, ...problem }));
}

function isNothing(node: DocNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function kindOf(node: DocNode): string {
  if (node.kind === 'list') return 'a list';
  return node.kind === 'map' ? 'a map' : `the value ${JSON.stringify(node.value)}`;
}

/** The first items of a list as keys, to show the right form with the user's own names. */
function listedHosts(node: DocNode, indent: string): string {
  const items = node.kind === 'list' ? node.items : [node];
  const names = items.slice(0, 3).map((item) => {
    if (item.kind === 'scalar') return String(item.value);
    return item.kind === 'map' ? (item.entries[0]?.key ?? 'node1') : 'node1';
  });
  return [...names.map((name) => `${indent}${name}:`), ...(items.length > 3 ? [`${indent}…`] : [])].join(
    '\n',
  );
}
