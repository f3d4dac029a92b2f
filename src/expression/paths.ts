import { children, type Node } from './node.ts';

/** The keys that lead into a variable's value; `null`: a key that is only known when the expression is evaluated. */
export type Path = readonly (string | null)[];

/**
 * For every root variable the ways that an expression takes into its value, so that it is known what of a large map is
 * used. An empty way: the value as a whole.
 */
export function pathsIn(node: Node): ReadonlyMap<string, readonly Path[]> {
  const found = new Map<string, Path[]>();
  visit(node, found);
  return found;
}

function visit(node: Node, found: Map<string, Path[]>): void {
  const keys: (string | null)[] = [];
  let target = node;
  for (;;) {
    if (target.kind === 'member') keys.unshift(target.key);
    else if (target.kind === 'index') {
      const { key } = target;
      const isName = key.kind === 'literal' && typeof key.value === 'string';
      keys.unshift(isName ? String(key.value) : null);
      if (!isName) visit(key, found);
    } else break;
    target = target.target;
  }
  if (target.kind === 'name') found.set(target.name, [...(found.get(target.name) ?? []), keys]);
  else for (const child of children(target)) visit(child, found);
}
