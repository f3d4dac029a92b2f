import type { DocNode } from './node.ts';

/** Keeps aliases from standing for more than a person would write. */
export interface AliasBudget {
  /** Counts one more use of this node; a message when that is too much, else `null`. */
  spend(target: DocNode): string | null;
}

const maxExpanded = 200_000;
const maxExpandedDepth = 200;

/** A budget for one document: nodes that aliases and merge keys stand for, counted as if they were written out. */
export function aliasBudget(): AliasBudget {
  const measures = new WeakMap<DocNode, Measure>();
  let spent = 0;
  return {
    spend(target) {
      const { size, depth } = measure(target, measures);
      spent += size;
      if (spent > maxExpanded) return `aliases stand for more than ${maxExpanded} values`;
      return depth > maxExpandedDepth ? `aliases nest deeper than ${maxExpandedDepth} levels` : null;
    },
  };
}

interface Measure {
  readonly size: number;
  readonly depth: number;
}

/** Each node is measured once, so nodes that are shared cost nothing more. */
function measure(node: DocNode, known: WeakMap<DocNode, Measure>): Measure {
  const earlier = known.get(node);
  if (earlier !== undefined) return earlier;
  let size = 1;
  let depth = 0;
  for (const child of childrenOf(node)) {
    const inner = measure(child, known);
    size += inner.size;
    depth = Math.max(depth, inner.depth);
  }
  const result = { size, depth: depth + 1 };
  known.set(node, result);
  return result;
}

function childrenOf(node: DocNode): readonly DocNode[] {
  if (node.kind === 'scalar') return [];
  return node.kind === 'list' ? node.items : node.entries.map((entry) => entry.value);
}
