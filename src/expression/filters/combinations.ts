import type { Value } from '../../core/value.ts';
import { listOf, numberArgument, properList } from '../arguments.ts';
import { checkSize } from '../arithmetic.ts';
import type { Filter, Table } from '../callable.ts';

/** Filters that put items of lists together in new ways. */
export const combinationFilters: Table<Filter> = {
  combinations: {
    parameters: ['size'],
    reads: 'structure',
    run: (input, args) => {
      const items = listOf(input, 'combinations');
      const size = numberArgument(args, 0, 0);
      checkSize(ways(items.length, size));
      return combined(items, size);
    },
  },
  permutations: {
    parameters: ['size?'],
    reads: 'structure',
    run: (input, args) => {
      const items = listOf(input, 'permutations');
      const size = numberArgument(args, 0, items.length);
      checkSize(ways(items.length, size) * ways(size, size - 1));
      return permuted(items, size);
    },
  },
  zip_longest: {
    parameters: ['*others', 'fillvalue?'],
    reads: 'structure',
    run: (input, [others, fill = null]) => {
      const lists = [input, ...properList(others, 'zip_longest')].map((list) => listOf(list, 'zip_longest'));
      const length = Math.max(...lists.map((list) => list.length));
      return Array.from({ length }, (_, index) => lists.map((list) => list[index] ?? fill));
    },
  },
  slice: {
    parameters: ['slices', 'fill_with?'],
    reads: 'structure',
    run: (input, args) => {
      const items = listOf(input, 'slice');
      const count = Math.max(1, numberArgument(args, 0, 1));
      checkSize(count);
      const [each, more] = [Math.floor(items.length / count), items.length % count];
      return Array.from({ length: count }, (_, index): readonly Value[] => {
        const start = index * each + Math.min(index, more);
        const part = items.slice(start, start + each + (index < more ? 1 : 0));
        return args[1] === undefined || args[1] === null || index < more ? part : [...part, args[1]];
      });
    },
  },
};

/** How many choices there are, at least roughly: only used to refuse far too many. */
function ways(count: number, size: number): number {
  let product = 1;
  for (let index = 0; index < Math.min(size, count) && product < Number.MAX_SAFE_INTEGER; index += 1)
    product *= (count - index) / (index + 1);
  return product;
}

function combined(items: readonly Value[], size: number): readonly (readonly Value[])[] {
  if (size <= 0) return [[]];
  return items.flatMap((first, index) =>
    combined(items.slice(index + 1), size - 1).map((rest) => [first, ...rest]),
  );
}

function permuted(items: readonly Value[], size: number): readonly (readonly Value[])[] {
  if (size <= 0) return [[]];
  return items.flatMap((first, index) =>
    permuted([...items.slice(0, index), ...items.slice(index + 1)], size - 1).map((rest) => [first, ...rest]),
  );
}
