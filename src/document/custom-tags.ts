import type { DocNode } from './node.ts';

/** What the yaml library is to take for known: `!vault` for texts, `!unsafe` for anything. */
export const customTags = [
  ...['!vault', '!unsafe'].map((tag) => ({ tag, resolve: (text: string) => text })),
  ...(['map', 'seq'] as const).map((collection) => ({
    tag: '!unsafe',
    collection,
    resolve: <Node>(node: Node) => node,
  })),
];

/** `!unsafe` before a list or map is before each text in it. */
export function unsafeBelow(node: DocNode): DocNode {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.tag === null ? { ...node, tag: '!unsafe' } : node;
    case 'list':
      return { ...node, items: node.items.map(unsafeBelow) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({ ...entry, value: unsafeBelow(entry.value) })),
      };
  }
}
