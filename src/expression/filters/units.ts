import { numberIn } from '../../core/float.ts';
import type { Value } from '../../core/value.ts';
import { flagArgument, textArgument, textOf } from '../arguments.ts';
import type { Filter, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { wants } from './text.ts';

/** Largest first; each is 1024 times the one behind it. */
const units = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K'] as const;

function sizeOf(unit: (typeof units)[number]): number {
  return 1024 ** (units.length - units.indexOf(unit));
}

/** Filters between numbers and sizes as people write them. */
export const unitFilters: Table<Filter> = {
  human_readable: {
    parameters: ['isbits?', 'unit?'],
    reads: 'content',
    run: (input, args) => {
      const size = numberIn(input) ?? wants('human_readable', 'a number', input);
      return readable(size, { sign: flagArgument(args, 0) ? 'b' : 'B', unit: textArgument(args, 1) });
    },
  },
  filesizeformat: {
    parameters: ['binary?'],
    reads: 'content',
    run: (input, args) => fileSize(Number(input), flagArgument(args, 0) ? 1024 : 1000),
  },
  human_to_bytes: {
    parameters: ['default_unit?', 'isbits?'],
    reads: 'content',
    run: (input, args) =>
      bytesOf(input, { sign: flagArgument(args, 1) ? 'b' : 'B', unit: textArgument(args, 0) }),
  },
};

/** As Jinja writes it: `13 kB`, or `12.7 KiB` with units of 1024. */
function fileSize(size: number, base: 1000 | 1024): string {
  if (size === 1) return '1 Byte';
  if (size < base) return `${Math.trunc(size)} Bytes`;
  const letters = [...units].reverse();
  const power = letters.findIndex((_, index) => size < base ** (index + 2));
  const chosen = power === -1 ? letters.length - 1 : power;
  const letter = letters[chosen] ?? '';
  const unit = base === 1024 ? `${letter}iB` : `${letter === 'K' ? 'k' : letter}B`;
  return `${(size / base ** (chosen + 1)).toFixed(1)} ${unit}`;
}

interface Wish {
  /** What bytes, or bits, are called. */
  readonly sign: 'b' | 'B';
  readonly unit: string;
}

function readable(size: number, { sign, unit }: Wish): string {
  const chosen = units.find((known) => (unit === '' ? size >= sizeOf(known) : known === unit.toUpperCase()));
  if (chosen === undefined) return `${size.toFixed(2)} ${sign === 'B' ? 'Bytes' : 'bits'}`;
  return `${(size / sizeOf(chosen)).toFixed(2)} ${chosen}${sign}`;
}

function bytesOf(input: Value, { sign, unit }: Wish): number {
  const text = textOf(input).trim();
  const [, number, letters = ''] = /^(-?\d*\.?\d*)\s*([A-Za-z]*)$/.exec(text) ?? [];
  if (number === undefined || !/\d/.test(number)) return wants('human_to_bytes', 'a size such as 10M', input);
  const written = letters === '' ? unit : letters;
  const prefix = written.charAt(0).toUpperCase();
  const known = units.find((letter) => letter === prefix);
  const fits =
    written.length <= 1 ||
    (known === undefined
      ? /^b(?:yte|it)$/i.test(written) && written.length === (sign === 'B' ? 4 : 3)
      : written === prefix + sign);
  if (!fits || (known === undefined && !/^B?$/.test(prefix))) return unknownUnit(written);
  return Math.round(Number(number) * (known === undefined ? 1 : sizeOf(known)));
}

function unknownUnit(unit: string): never {
  const hint = `Known are B, ${[...units].reverse().join(', ')}, also with a B behind them.`;
  return fail(codes.filterFailed, `there is no unit '${unit}'`, hint);
}
