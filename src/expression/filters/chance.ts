import { randomInt } from 'node:crypto';
import { numberIn } from '../../core/float.ts';
import { isList, type Value } from '../../core/value.ts';
import { listOf, numberArgument } from '../arguments.ts';
import type { Filter, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { type Random, seeded } from '../python-random.ts';
import { wants } from './text.ts';

/** Filters that choose by chance; with a seed they choose what Ansible would choose. */
export const chanceFilters: Table<Filter> = {
  random: {
    parameters: ['start?', 'step?', 'seed?'],
    byChance: (args) => isUnseeded(args[2]),
    reads: 'structure',
    run: (input, args) => {
      const chance = chanceOf(args[2]);
      const limit = numberIn(input);
      if (limit !== null) {
        const [start, step] = [numberArgument(args, 0, 0), numberArgument(args, 1, 1) || 1];
        const count = Math.ceil((limit - start) / step);
        if (count < 1)
          return fail(
            codes.filterFailed,
            `there is no number from ${start} to below ${limit}`,
            'Give a larger number.',
          );
        return start + step * chance.below(count);
      }
      if (!isList(input) && typeof input !== 'string') return wants('random', 'a number or a list', input);
      const items = listOf(input, 'random');
      if (items.length === 0)
        return fail(
          codes.filterFailed,
          "'random' cannot choose from an empty list",
          'Test first: list | length > 0.',
        );
      return items[chance.below(items.length)];
    },
  },
  shuffle: {
    parameters: ['seed?'],
    byChance: (args) => isUnseeded(args[0]),
    reads: 'structure',
    run: (input, args) => {
      const items = [...listOf(input, 'shuffle')];
      const chance = chanceOf(args[0]);
      for (let last = items.length - 1; last > 0; last -= 1) {
        const chosen = chance.below(last + 1);
        [items[last], items[chosen]] = [items[chosen] ?? null, items[last] ?? null];
      }
      return items;
    },
  },
};

function isUnseeded(seed: Value | undefined): seed is null | undefined {
  return seed === undefined || seed === null;
}

function chanceOf(seed: Value | undefined): Random {
  if (isUnseeded(seed)) return { below: (limit) => (limit === 1 ? 0 : randomInt(limit)) };
  if (typeof seed === 'string' || (typeof seed === 'number' && Number.isSafeInteger(seed)))
    return seeded(seed);
  return wants('random', 'a text or a whole number as its seed', seed);
}
