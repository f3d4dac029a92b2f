import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { AliasBudget } from './alias-budget.ts';
import type { DocNode, MapEntry, MapNode } from './node.ts';

/** A mapping's own keys, and what its `<<` keys give. */
export type UnmergedEntry = MapEntry | { readonly merge: DocNode };

/** What merging needs besides the entries. */
export interface MergeContext {
  /** The mapping's own keys; they win over merged ones wherever they stand. */
  readonly own: ReadonlyMap<string, MapEntry>;
  readonly budget: AliasBudget;
}

/** Entries in file order with the merged ones in place of `<<`; of several sources the first wins (HAPB1018, HAPB1010). */
export function mergeEntries(
  entries: readonly UnmergedEntry[],
  context: MergeContext,
): { readonly entries: readonly MapEntry[]; readonly problems: readonly Diagnostic[] } {
  if (!entries.some((entry) => 'merge' in entry))
    return { entries: entries as readonly MapEntry[], problems: [] };
  const problems: Diagnostic[] = [];
  const taken = new Set(context.own.keys());
  const merged: MapEntry[] = [];
  for (const entry of entries) {
    if (!('merge' in entry)) {
      merged.push(entry);
      continue;
    }
    for (const map of sourcesOf(entry.merge, problems)) {
      const excess = context.budget.spend(map);
      if (excess !== null) {
        problems.push(
          error({ code: 'HAPB1010', message: excess, hint: 'Merge smaller maps.', span: map.span }),
        );
        return { entries: merged, problems };
      }
      for (const inherited of map.entries) {
        if (taken.has(inherited.key)) continue;
        taken.add(inherited.key);
        merged.push(inherited);
      }
    }
  }
  return { entries: merged, problems };
}

function sourcesOf(node: DocNode, problems: Diagnostic[]): readonly MapNode[] {
  const nodes = node.kind === 'list' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (item.kind === 'map') return [item];
    problems.push(
      error({
        code: 'HAPB1018',
        message: '`<<` can only merge a map or a list of maps',
        hint: 'Write `<<: *name` where `&name` stands at a map, or quote the key if it is meant as text.',
        span: item.span,
      }),
    );
    return [];
  });
}
