import { isList, isMap, type Value } from '../../core/value.ts';
import { numberArgument, properList, textArgument } from '../arguments.ts';
import { compute } from '../arithmetic.ts';
import { attributeOf } from '../attribute.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { same, truth } from '../compare.ts';
import { codes, fail } from '../problems.ts';
import { wants } from './text.ts';

const trueWords: readonly Value[] = ['yes', 'on', '1', 'true', 'y', 't', 1, true];

/** Filters that make or change numbers and booleans, and choose between values. */
export const numberFilters: Table<Filter> = {
  int: {
    parameters: ['default?', 'base?'],
    reads: 'content',
    run: (input, args) => integer(input, args[0] ?? 0, numberArgument(args, 1, 10)),
  },
  float: {
    parameters: ['default?'],
    reads: 'content',
    run: (input, args) => floatOf(input) ?? args[0] ?? 0,
  },
  bool: {
    parameters: [],
    reads: 'content',
    run: (input) =>
      trueWords.some((word) => word === (typeof input === 'string' ? input.toLowerCase() : input)),
  },
  abs: { parameters: [], reads: 'content', run: (input) => Math.abs(number(input, 'abs')) },
  round: {
    parameters: ['precision?', 'method?'],
    reads: 'content',
    run: (input, args) =>
      rounded(number(input, 'round'), numberArgument(args, 0, 0), textArgument(args, 1, 'common')),
  },
  log: { parameters: ['base?'], reads: 'content', run: (input, args) => logarithm(input, args) },
  pow: {
    parameters: ['x'],
    reads: 'content',
    run: (input, args) => number(input, 'pow') ** number(args[0] ?? null, 'pow'),
  },
  root: { parameters: ['base?'], reads: 'content', run: (input, args) => root(input, args) },
  sum: {
    parameters: ['attribute?', 'start?'],
    reads: 'order',
    run: (input, [attribute, start]) =>
      properList(input, 'sum').reduce(
        (total, item) =>
          compute(
            '+',
            total,
            attribute === undefined || attribute === null ? item : attributeOf(item, attribute),
          ),
        start ?? 0,
      ),
  },
  ternary: {
    parameters: ['true_val', 'false_val', 'none_val?'],
    reads: 'structure',
    run: (input, [yes = null, no = null, none]) => {
      if (input === null && none !== undefined && none !== null) return none;
      return truth(input) === true ? yes : no;
    },
  },
  type_debug: {
    parameters: [],
    reads: 'structure',
    run: (input, _args, { float }) => {
      if (input === null) return 'NoneType';
      if (typeof input === 'boolean') return 'bool';
      if (typeof input === 'number') return float || !Number.isInteger(input) ? 'float' : 'int';
      return isList(input) ? 'list' : isMap(input) ? 'dict' : 'str';
    },
  },
};

/** As Python's float() reads it; `null`: it does not. */
function floatOf(input: Value): number | null {
  if (typeof input === 'number' || typeof input === 'boolean') return Number(input);
  if (typeof input !== 'string') return null;
  const [, sign = '', word = '', digits = ''] =
    /^\s*([+-]?)(?:(nan|inf|infinity)|((?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?))\s*$/i.exec(input) ??
    [];
  if (word === '' && digits === '') return null;
  const size = digits !== '' ? Number(digits.replaceAll('_', '')) : /^n/i.test(word) ? Number.NaN : Infinity;
  return sign === '-' ? -size : size;
}

function number(input: Value, name: string): number {
  if (typeof input === 'boolean') return Number(input);
  return typeof input === 'number' ? input : wants(name, 'a number', input);
}

function logarithm(input: Value, args: Bound): number {
  const [value, base] = [number(input, 'log'), numberArgument(args, 0, Math.E)];
  if (value <= 0 || base <= 0 || base === 1)
    return fail(
      codes.arithmetic,
      `there is no logarithm of ${value} to the base ${base}`,
      'Both must be above 0.',
    );
  if (base === 10) return Math.log10(value);
  return base === Math.E ? Math.log(value) : Math.log(value) / Math.log(base);
}

function root(input: Value, args: Bound): number {
  const [value, base] = [number(input, 'root'), numberArgument(args, 0, 2)];
  if (value < 0 || base === 0)
    return fail(codes.arithmetic, `there is no root ${base} of ${value}`, 'The number must not be below 0.');
  return base === 2 ? Math.sqrt(value) : value ** (1 / base);
}

/** As Jinja: what is no number becomes the default; `'12.7' | int` is 12. */
function integer(input: Value, otherwise: Value, base: number): Value {
  if (typeof input === 'number' || typeof input === 'boolean') return Math.trunc(Number(input));
  if (typeof input !== 'string') return otherwise;
  const text = input.trim().replaceAll('_', '').toLowerCase();
  const body = text.replace(/^([+-]?)0[xob]/, (prefix, sign: string) => (base === 10 ? prefix : sign));
  if (base < 2 || base > 36)
    return fail(codes.filterFailed, `'int' knows no base ${base}`, 'Bases are 2 to 36.');
  const digits = body.replace(/^[+-]/, '');
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  if (digits !== '' && [...digits].every((digit) => allowed.includes(digit)))
    return Number.parseInt(body, base);
  const float = digits === '' || !/^[\d.e+-]+$/.test(body) ? Number.NaN : Number(body);
  return Number.isFinite(float) ? Math.trunc(float) : otherwise;
}

/** Halves go to the even neighbour, as Python rounds. */
function rounded(value: number, precision: number, method: string): number {
  const factor = 10 ** precision;
  if (method === 'ceil') return Math.ceil(value * factor) / factor;
  if (method === 'floor') return Math.floor(value * factor) / factor;
  if (method !== 'common') {
    return fail(
      codes.filterFailed,
      `'round' knows no method '${method}'`,
      'Known are common, ceil and floor.',
    );
  }
  if (precision > 0) return Number(value.toFixed(Math.min(precision, 100)));
  const scaled = value * factor;
  const floor = Math.floor(scaled);
  const half = same(scaled - floor, 0.5);
  return (half ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled)) / factor;
}
