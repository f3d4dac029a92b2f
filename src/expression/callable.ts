import { Failure } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret, findUnknown, type Value, type ValueMap } from '../core/value.ts';
import { codes, fail } from './problems.ts';
import { opened, sealed } from './secrecy.ts';

/** Evaluated arguments of a filter, test or function. */
export interface Given {
  readonly positional: readonly Value[];
  readonly named: ValueMap;
}

/** What filters and tests may use of the language besides their input. */
export interface Tools {
  /** Applies the filter of this name. */
  filter(name: string, input: Value, given: Given): Value;
  /** Applies the test of this name; `undefined` stands for a value that is not there. */
  test(name: string, input: Value | undefined, given: Given): boolean | Unknown;
}

/**
 * Arguments in the order of the parameters; `undefined` for one that was not given. A `*` parameter is the list of all
 * further positional ones; those behind it are given by name.
 */
export type Bound = readonly (Value | undefined)[];

/**
 * The names of the parameters behind the input: `name`, `name?` may be left out, `*name` takes any number, `**name` is
 * the map of all that were given by another name.
 */
export type Parameters = readonly string[];

/**
 * What a filter does with what it is given, which decides how unknowns and secrets pass through it:
 * - `content` reads texts: an unknown anywhere makes it unknown, a secret anywhere makes every text in the result one;
 * - `order` compares values but only moves them: an unknown anywhere makes it unknown, secrets keep their places;
 * - `structure` looks at no item: both keep their places.
 */
export type Reading = 'content' | 'order' | 'structure';

/** A filter, which is also a helper of the same name. */
export interface Filter {
  readonly parameters: Parameters;
  readonly reads: Reading;
  /** Whether it gives another value each time with these arguments, which in check mode is an unknown one. Absent: never. */
  byChance?(args: Bound): boolean;
  /** The place of this machine whose files it looks at; absent: none. */
  looksAt?(input: Value): string;
  /** `undefined`: there is no such value, as with `first` of an empty list; `default` may then give one. */
  run(input: Value, args: Bound, tools: Tools): Value | undefined;
}

/** A test behind `is`. Unknowns have been dealt with and secrets opened, unless it `reads` only structure. */
export interface Test {
  readonly parameters: Parameters;
  readonly reads: 'content' | 'structure';
  /** It looks at the files of this machine that its input and arguments name. */
  readonly looks?: 'here';
  run(input: Value, args: Bound, tools: Tools): boolean | Unknown;
}

/** A table of callables under the names that authors use. */
export type Table<T> = Readonly<Record<string, T>>;

/** Why these arguments do not fit, or `null`. `names` are those given by name. */
export function misfit(parameters: Parameters, count: number, names: readonly string[]): string | null {
  const plain = parameters.map((parameter) => parameter.replace(/[?*]/g, ''));
  const rest = parameters.some((parameter) => parameter.startsWith('*'));
  const open = parameters.some((parameter) => parameter.startsWith('**'));
  if (!rest && count > parameters.length) {
    return parameters.length === 0
      ? 'takes no arguments'
      : `takes at most ${counted(parameters.length)}, not ${count}`;
  }
  const stranger = names.find((name) => !plain.includes(name) && !open);
  if (stranger !== undefined) return `has no argument '${stranger}'`;
  const twice = names.find((name) => plain.indexOf(name) !== -1 && plain.indexOf(name) < count && !rest);
  if (twice !== undefined) return `was given '${twice}' twice`;
  const absent = plain.find((name, index) => {
    return index >= count && !/[?*]/.test(parameters[index] ?? '') && !names.includes(name);
  });
  return absent === undefined ? null : `needs the argument '${absent}'`;
}

function counted(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`;
}

/** `(old, new, count?)`: the parameters as hints show them. */
export function signature(name: string, parameters: Parameters): string {
  return parameters.length === 0
    ? `'${name}' takes no arguments.`
    : `Its arguments are (${parameters.map((parameter) => parameter.replace(/^\*+(.+)/, '$1…')).join(', ')}).`;
}

/** Puts arguments into the order of the parameters; fails when they do not fit. */
export function bound(name: string, parameters: Parameters, given: Given): Bound {
  const { positional, named } = given;
  const problem = misfit(parameters, positional.length, Object.keys(named));
  if (problem !== null) fail(codes.wrongArguments, `'${name}' ${problem}`, signature(name, parameters));
  const rest = parameters.findIndex((parameter) => parameter.startsWith('*'));
  return parameters.map((parameter, index) => {
    if (parameter.startsWith('**')) return named;
    if (index === rest) return positional.slice(index);
    const placed = rest === -1 || index < rest ? positional[index] : undefined;
    return placed ?? (placed === null ? null : named[parameter.replace(/[?*]/g, '')]);
  });
}

/** Runs a filter, letting unknowns and secrets pass as its reading demands. */
export function applyFilter(
  call: { name: string; filter: Filter; input: Value; given: Given },
  tools: Tools,
): Value | undefined {
  const { name, filter, input, given } = call;
  const args = bound(name, filter.parameters, given);
  const values = [input, ...given.positional, ...Object.values(given.named)];
  const unknown = values.find((value) => value instanceof Unknown);
  if (unknown !== undefined) return unknown;
  if (filter.reads !== 'structure') {
    const hidden = firstOf(values, findUnknown);
    if (hidden !== null) return hidden;
  }
  const secret =
    filter.reads === 'content' ? firstOf(values, findSecret) : input instanceof Secret ? input : null;
  if (secret === null) return filter.run(input, args, tools);
  const plain = args.map((value) => (value === undefined ? value : opened(value)));
  const result = unseen(name, secret, () => filter.run(opened(input), plain, tools));
  return result === undefined ? undefined : sealed(result, secret.label);
}

/** Runs a test; its answer about a secret is plain. */
export function applyTest(
  call: { name: string; test: Test; input: Value; given: Given },
  tools: Tools,
): boolean | Unknown {
  const { name, test, input, given } = call;
  const args = bound(name, test.parameters, given);
  if (test.reads === 'structure') return test.run(input, args, tools);
  const values = [input, ...given.positional, ...Object.values(given.named)];
  const unknown = firstOf(values, findUnknown);
  if (unknown !== null) return unknown;
  const secret = firstOf(values, findSecret);
  if (secret === null) return test.run(input, args, tools);
  const plain = args.map((value) => (value === undefined ? value : opened(value)));
  return unseen(name, secret, () => test.run(opened(input), plain, tools));
}

/** A failure may quote what it failed on, so with a secret only its label is named. */
function unseen<T>(name: string, secret: Secret, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const hint = 'What is wrong is not shown, as it would quote the secret.';
    throw new Failure({
      code: thrown.problem.code,
      message: `'${name}' cannot use ${secret.toString()}`,
      hint,
    });
  }
}

function firstOf<T>(values: readonly Value[], find: (value: Value) => T | null): T | null {
  for (const value of values) {
    const found = find(value);
    if (found !== null) return found;
  }
  return null;
}
