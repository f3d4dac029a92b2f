import type { Value } from '../core/value.ts';
import { mapArgument, numberArgument, properList } from './arguments.ts';
import type { Bound, Parameters, Table } from './callable.ts';
import { dictOf } from './filters/maps.ts';
import { codes, fail } from './problems.ts';
import { mapOf } from './secrecy.ts';

/** A function that is called without an input: `range(3)`. */
export interface GlobalFunction {
  readonly parameters: Parameters;
  run(args: Bound): Value;
}

const maximumRange = 100_000;

const functions: Table<GlobalFunction> = {
  range: {
    parameters: ['start', 'stop?', 'step?'],
    run: (args) => {
      const first = numberArgument(args, 0, 0);
      const [from, to] = args[1] === undefined ? [0, first] : [first, numberArgument(args, 1, 0)];
      const step = numberArgument(args, 2, 1);
      if (step === 0)
        return fail(codes.arithmetic, 'a range cannot step by 0', 'Leave the step out, or write 1 or -1.');
      const count = Math.max(0, Math.ceil((to - from) / step));
      if (count > maximumRange) {
        return fail(
          codes.tooLarge,
          `the range would have ${count} numbers`,
          `At most ${maximumRange} are allowed.`,
        );
      }
      return Array.from({ length: count }, (_, index) => from + index * step);
    },
  },
  // Evaluated by the evaluator, which alone can say that there is no value.
  undef: { parameters: ['hint?'], run: () => null },
  dict: {
    parameters: ['*pairs', '**named'],
    run: ([pairs, named]) => {
      const [first] = properList(pairs, 'dict');
      const start = first === undefined ? mapOf([]) : dictOf(first);
      return mapOf([...Object.entries(start), ...Object.entries(mapArgument(named, 'dict'))]);
    },
  },
};

/** The function of this name; `null` when there is none. */
export function functionOf(name: string): GlobalFunction | null {
  return Object.hasOwn(functions, name) ? (functions[name] ?? null) : null;
}

/** The names of all functions. */
export const functionNames: readonly string[] = Object.keys(functions);
