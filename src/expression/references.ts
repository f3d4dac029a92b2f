import { lookupFunctions, searchPath } from './lookups.ts';
import { children, inArguments, type Node, type NodeOf, type Range } from './node.ts';
import { type Path, pathsIn } from './paths.ts';
import { shortName } from './registry.ts';

/** A root variable in an expression. `guarded`: the expression may well be used where it is missing. */
export interface NameUse {
  readonly name: string;
  readonly at: Range;
  readonly guarded: boolean;
  /** The ways into its value that the expression takes; see `pathsIn`. */
  readonly paths: readonly Path[];
}

/**
 * Every root variable, each once, at its first place that must be there. A name counts as guarded where `default` or
 * `is defined` looks after it anywhere in the expression, or where it is only reached when a condition before it holds.
 * A lookup of variables counts as a guarded use of `vars` as a whole.
 */
export function namesIn(node: Node): readonly NameUse[] {
  const uses: Use[] = [];
  const tested = new Set<string>();
  visit(node, { sure: true, tested, uses });
  const paths = pathsIn(node);
  const found = new Map<string, NameUse>();
  for (const use of uses) {
    const guarded = use.guarded || tested.has(use.name);
    const before = found.get(use.name);
    if (before === undefined || (before.guarded && !guarded))
      found.set(use.name, { ...use, guarded, paths: paths.get(use.name) ?? [[]] });
  }
  return [...found.values()];
}

interface Walk {
  /** Whether what is visited is evaluated in any case. */
  readonly sure: boolean;
  readonly tested: Set<string>;
  readonly uses: Use[];
}

type Use = Omit<NameUse, 'paths'>;

function visit(node: Node, walk: Walk): void {
  const { tested, uses } = walk;
  const maybe = walk.sure ? { sure: false, tested, uses } : walk;
  switch (node.kind) {
    case 'name':
      if (node.name !== 'omit') walk.uses.push({ name: node.name, at: node, guarded: !walk.sure });
      return;
    case 'and':
    case 'or':
      visit(node.left, walk);
      visit(node.right, maybe);
      return;
    case 'ternary':
      visit(node.condition, walk);
      visit(node.chosen, maybe);
      if (node.otherwise !== null) visit(node.otherwise, maybe);
      return;
    case 'test':
      if (!/^(?:un)?defined$/.test(shortName(node.name))) break;
      noteRoot(node.operand, walk);
      visit(node.operand, maybe);
      return;
    case 'filter':
    case 'call':
      if (looksUp(node, /(?:first_found|fileglob|file|template)$/))
        walk.uses.push({ name: searchPath, at: node, guarded: true });
      if (looksUp(node, /^(?:ansible\.builtin\.)?(?:vars|varnames|template)$/))
        walk.uses.push({ name: 'vars', at: node, guarded: true });
      if (!isDefault(node)) break;
      visitDefault(node, { walk, maybe });
      return;
    default:
      break;
  }
  for (const child of children(node)) visit(child, walk);
}

/** Whether this is a lookup of such a kind, such as `lookup('vars', …)`, or one whose kind is not known yet. */
function looksUp(node: NodeOf<'filter'> | NodeOf<'call'>, kinds: RegExp): boolean {
  if (node.kind !== 'call' || !lookupFunctions.has(node.name)) return false;
  const [kind] = node.args.positional;
  return kind?.kind !== 'literal' || kinds.test(String(kind.value));
}

function isDefault(node: NodeOf<'filter'> | NodeOf<'call'>): boolean {
  return ['default', 'd'].includes(shortName(node.name));
}

function visitDefault(
  node: NodeOf<'filter'> | NodeOf<'call'>,
  { walk, maybe }: { readonly walk: Walk; readonly maybe: Walk },
): void {
  const [input, ...args] =
    node.kind === 'filter' ? [node.input, ...inArguments(node.args)] : inArguments(node.args);
  if (input === undefined) return;
  noteRoot(input, walk);
  for (const part of [input, ...args]) visit(part, maybe);
}

function noteRoot(node: Node, walk: Walk): void {
  let root: Node | undefined = node;
  while (root !== undefined && root.kind !== 'name') root = children(root)[0];
  if (root !== undefined) walk.tested.add(root.name);
}
