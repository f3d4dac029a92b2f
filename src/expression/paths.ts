import { children, type Node } from './node.ts';
import { shortName } from './registry.ts';

/** The keys that lead into a variable's value; `null`: a key that is only known when the expression is evaluated. */
export type Path = readonly (string | null)[];

/**
 * For every root variable the ways that an expression takes into its value, so that it is known what of a large map is
 * used. An empty way: the value as a whole. Who only counts, tests or lists a value may use any of its members, or none.
 */
export function pathsIn(node: Node): ReadonlyMap<string, readonly Path[]> {
  const found = new Map<string, Path[]>();
  visit(node, { found, use: 'whole' });
  return found;
}

interface Walk {
  readonly found: Map<string, Path[]>;
  readonly use: 'whole' | 'some';
}

function visit(node: Node, { found, use }: Walk): void {
  const keys: (string | null)[] = use === 'some' ? [null] : [];
  let target = node;
  for (;;) {
    if (target.kind === 'member') keys.unshift(target.key);
    else if (target.kind === 'index') {
      const { key } = target;
      const isName = key.kind === 'literal' && typeof key.value === 'string';
      keys.unshift(isName ? String(key.value) : null);
      if (!isName) visit(key, { found, use: 'whole' });
    } else break;
    target = target.target;
  }
  if (target.kind === 'name') found.set(target.name, [...(found.get(target.name) ?? []), keys]);
  else for (const child of children(target)) visit(child, { found, use: useOf(target, child) });
}

const selective: ReadonlySet<string> = new Set(['length', 'count', 'list', 'first', 'last', 'dict2items']);

/** Whether all of a child's value is needed for its parent. */
function useOf(parent: Node, child: Node): Walk['use'] {
  switch (parent.kind) {
    case 'filter':
      return child === parent.input && selective.has(shortName(parent.name)) ? 'some' : 'whole';
    case 'test':
      return child === parent.operand ? 'some' : 'whole';
    case 'method':
      return child === parent.target ? 'some' : 'whole';
    case 'compare':
      return parent.steps.some(({ right, operator }) => right === child && /in$/.test(operator))
        ? 'some'
        : 'whole';
    default:
      return 'whole';
  }
}
