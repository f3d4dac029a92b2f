import type { Value } from '../../core/value.ts';

/** What `loop_control` says of names. */
export interface ItemNaming {
  readonly loopVar: string;
  readonly indexVar: string | null;
  /** Whether `ansible_loop` tells where the loop is, and whether it holds all items. */
  readonly extended: 'no' | 'yes';
  readonly allItems: 'no' | 'yes';
}

/** The names that the item at `index` brings. */
export function namesOfItem(
  items: readonly Value[],
  index: number,
  { loopVar, indexVar, extended, allItems }: ItemNaming,
): Readonly<Record<string, Value>> {
  const names: Record<string, Value> = { [loopVar]: items[index] ?? null, ansible_loop_var: loopVar };
  if (indexVar !== null) {
    names[indexVar] = index;
    names.ansible_index_var = indexVar;
  }
  if (extended === 'no') return names;
  const next = items[index + 1];
  const previous = items[index - 1];
  const { length } = items;
  names.ansible_loop = {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index + 1 === length,
    length,
    revindex: length - index,
    revindex0: length - index - 1,
    ...(allItems === 'yes' ? { allitems: items } : {}),
    ...(next === undefined ? {} : { nextitem: next }),
    ...(previous === undefined ? {} : { previtem: previous }),
  };
  return names;
}
