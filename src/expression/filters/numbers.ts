import { float, isFloat, numberIn } from '../../core/float.ts';
import { omit } from '../../core/omit.ts';
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
    run: (input, args) => {
      const number = floatOf(input);
      return number === null ? (args[0] ?? float(0)) : float(number);
    },
  },
  bool: {
    parameters: [],
    reads: 'content',
    run: (input) =>
      trueWords.some(
        (word) => word === (typeof input === 'string' ? input.toLowerCase() : (numberIn(input) ?? input)),
      ),
  },
  abs: { parameters: [], reads: 'content', run: (input) => alike(input, Math.abs(number(input, 'abs'))) },
  round: {
    parameters: ['precision?', 'method?'],
    reads: 'content',
    run: (input, args) => rounded(input, numberArgument(args, 0, 0), textArgument(args, 1, 'common')),
  },
  log: { parameters: ['base?'], reads: 'content', run: (input, args) => float(logarithm(input, args)) },
  pow: {
    parameters: ['x'],
    reads: 'content',
    run: (input, args) => float(number(input, 'pow') ** number(args[0] ?? null, 'pow')),
  },
  root: { parameters: ['base?'], reads: 'content', run: (input, args) => float(root(input, args)) },
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
    run: (input) => {
      if (input === null) return 'NoneType';
      if (typeof input === 'boolean') return 'bool';
      if (numberIn(input) !== null) return isFloat(input) ? 'float' : 'int';
      return isList(input) ? 'list' : isMap(input) ? 'dict' : Object.is(input, omit) ? '_OmitType' : 'str';
    },
  },
};

/** As Python's float() reads it; `null`: it does not. */
function floatOf(input: Value): number | null {
  if (typeof input === 'boolean') return Number(input);
  if (typeof input !== 'string') return numberIn(input);
  const [, sign = '', word = '', digits = ''] =
    /^\s*([+-]?)(?:(nan|inf|infinity)|((?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?))\s*$/i.exec(input) ??
    [];
  if (word === '' && digits === '') return null;
  const size = digits !== '' ? Number(digits.replaceAll('_', '')) : /^n/i.test(word) ? Number.NaN : Infinity;
  return sign === '-' ? -size : size;
}

/** A number of the type that the input has. */
function alike(input: Value, number: number): Value {
  return isFloat(input) ? float(number) : number;
}

function number(input: Value, name: string): number {
  if (typeof input === 'boolean') return Number(input);
  return numberIn(input) ?? wants(name, 'a number', input);
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
  const whole = typeof input === 'boolean' ? Number(input) : numberIn(input);
  if (whole !== null) return Math.trunc(whole);
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
function rounded(input: Value, precision: number, method: string): Value {
  const value = number(input, 'round');
  const factor = 10 ** precision;
  if (method === 'ceil') return float(Math.ceil(value * factor) / factor);
  if (method === 'floor') return float(Math.floor(value * factor) / factor);
  if (method !== 'common') {
    return fail(
      codes.filterFailed,
      `'round' knows no method '${method}'`,
      'Known are common, ceil and floor.',
    );
  }
  if (precision > 0) return alike(input, Number(value.toFixed(Math.min(precision, 100))));
  const scaled = value * factor;
  const floor = Math.floor(scaled);
  const half = same(scaled - floor, 0.5);
  return alike(input, (half ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled)) / factor);
}
