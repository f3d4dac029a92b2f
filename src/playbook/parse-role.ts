import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import type { Keywords, RoleUseAst } from './ast.ts';
import { keywords } from './keywords.ts';
import { describe, type Reader, refusedKeyword, report } from './reader.ts';

/** Reads the items of `roles` or `dependencies`. A key that is no keyword of a role is a parameter, as in Ansible. */
export function parseRoleUses(reader: Reader, nodes: readonly DocNode[]): readonly RoleUseAst[] {
  return nodes.flatMap((node) => parseRoleUse(reader, node) ?? []);
}

function parseRoleUse(reader: Reader, node: DocNode): RoleUseAst | null {
  if (node.kind === 'scalar' && node.value !== null) {
    return {
      span: node.span,
      name: node,
      keywords: new Map(),
      params: { ...node, kind: 'map', entries: [] },
    };
  }
  const name = node.kind === 'map' ? nameOf(node) : undefined;
  if (node.kind !== 'map' || name?.value.kind !== 'scalar' || name.value.value === null) {
    report(reader, {
      code: 'HAPB2016',
      message:
        node.kind === 'map' ? 'this role has no name' : `a role is named by a text, found ${describe(node)}`,
      span: name?.value.span ?? node.span,
      hint: 'Write "- NAME", or "- role: NAME" with keywords and parameters below it.',
    });
    return null;
  }
  const { known, params } = split(reader, node, name);
  return { span: node.span, name: name.value, keywords: known, params: { ...node, entries: params } };
}

/** `role` is the name; `name` is too where there is no `role`. */
function nameOf(node: MapNode): MapEntry | undefined {
  return (
    node.entries.find((entry) => entry.key === 'role') ?? node.entries.find((entry) => entry.key === 'name')
  );
}

function split(
  reader: Reader,
  node: MapNode,
  name: MapEntry,
): { readonly known: Keywords; readonly params: readonly MapEntry[] } {
  const known = new Map<string, MapEntry>();
  const params: MapEntry[] = [];
  for (const entry of node.entries) {
    const keyword = keywords[entry.key];
    if (entry === name || entry.key === 'name') continue;
    if (keyword?.places.includes('role') !== true) params.push(entry);
    else if (keyword.refused === undefined) known.set(entry.key, entry);
    else refusedKeyword(reader, entry, keyword.refused);
  }
  return { known, params };
}
