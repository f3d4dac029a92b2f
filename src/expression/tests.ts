import { isFloat, numberIn } from '../core/float.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findUnknown, isList, isMap, type Value } from '../core/value.ts';
import { flagArgument, numberArgument, textArgument, textOf } from './arguments.ts';
import type { Table, Test } from './callable.ts';
import { compare, contains, equal, truth, withArticle } from './compare.ts';
import { fileTests } from './file-tests.ts';
import { ipTests } from './filters/ip-tests.ts';
import { splitUrl } from './filters/paths.ts';
import type { CompareOperator } from './node.ts';
import { matches, pattern } from './pattern.ts';
import { codes, fail } from './problems.ts';
import { resultTests } from './result-tests.ts';
import { versionHolds } from './version.ts';

type Answer = boolean | Unknown;

function plain(run: (input: Value) => boolean): Test {
  return { parameters: [], reads: 'content', run: (input) => run(input) };
}

/** Tests that look at the value alone, not into it. */
function outer(run: (input: Value) => boolean): Test {
  return {
    parameters: [],
    reads: 'structure',
    run: (input) => (input instanceof Unknown ? input : run(input)),
  };
}

function comparing(operator: CompareOperator): Test {
  return {
    parameters: ['other'],
    reads: 'structure',
    run: (input, [other = null]) => compare(operator, input, other),
  };
}

const version: Test = {
  parameters: ['version', 'operator?', 'strict?', 'version_type?'],
  reads: 'content',
  run: (input, args) => {
    const type = textArgument(args, 3, flagArgument(args, 2) ? 'strict' : 'loose');
    return versionHolds(textOf(input), textArgument(args, 0), {
      operator: textArgument(args, 1, '=='),
      type,
    });
  },
};

function searching(prefix: string, suffix: string): Test {
  return {
    parameters: ['pattern', 'ignorecase?', 'multiline?', 'match_type?'],
    reads: 'content',
    run: (input, args) => {
      const flags = { ignoreCase: flagArgument(args, 1), multiline: flagArgument(args, 2) };
      // The author's own pattern is compiled first, so that a message about it quotes what stands in the file.
      const source = textArgument(args, 0);
      pattern(source, flags);
      const kind = textArgument(args, 3);
      const [before, after] =
        kind === 'match' ? ['\\A(?:', ')'] : kind === 'fullmatch' ? ['\\A(?:', ')\\z'] : [prefix, suffix];
      return matches(pattern(before + source + after, flags), textOf(input), 1).length > 0;
    },
  };
}

const subset: Test = within((left, right) => every(left, right));
const superset: Test = within((left, right) => every(right, left));

function within(run: (left: readonly Value[], right: readonly Value[]) => Answer): Test {
  return {
    parameters: ['other'],
    reads: 'content',
    run: (input, [other]) => run(members(input), members(other ?? null)),
  };
}

function members(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (isMap(value)) return Object.keys(value);
  return fail(
    codes.filterFailed,
    `the test needs lists, not ${withArticle(value)}`,
    'Put single values in brackets: [x].',
  );
}

function every(list: readonly Value[], container: Value): Answer {
  return list.every((item) => contains(container, item) === true);
}

function whole(input: Value): number {
  const number = typeof input === 'boolean' ? Number(input) : numberIn(input);
  if (number !== null) return number;
  return fail(
    codes.filterFailed,
    `the test needs a number, not ${withArticle(input)}`,
    'Convert it with | int.',
  );
}

const truthy: Test = {
  parameters: ['convert_bool?'],
  reads: 'structure',
  run: (input, args, tools) => {
    const convertible =
      flagArgument(args, 0) &&
      typeof input === 'string' &&
      /^(?:[yntf01]|yes|no|on|off|true|false)$/i.test(input);
    return truth(convertible ? tools.filter('bool', input, { positional: [], named: {} }) : input);
  },
};

/** Whether all or any of the items are true. */
function items(run: (answers: readonly boolean[]) => boolean): Test {
  return plain((input) => run(members(input).map((item) => truth(item) === true)));
}

function isText(input: Value): boolean {
  return typeof input === 'string' || input instanceof Secret;
}

const absolute = plain((input) => textOf(input).startsWith('/'));
const notANumber = plain((input) => Number.isNaN(whole(input)));

/** `schemes`: one of these; without them any, or none. */
function address(
  run: (parts: { readonly scheme: Value; readonly netloc: Value }, fits: boolean) => boolean,
): Test {
  return {
    parameters: ['schemes?'],
    reads: 'content',
    run: (input, [schemes = null]) => {
      const { scheme = '', netloc = '' } = splitUrl(textOf(input));
      const wanted = isList(schemes) ? schemes : schemes === null ? [] : [schemes];
      return run({ scheme, netloc }, wanted.length === 0 || wanted.includes(scheme));
    },
  };
}

const single: Table<Test> = {
  none: outer((input) => input === null),
  string: outer(isText),
  number: outer((input) => numberIn(input) !== null || typeof input === 'boolean'),
  integer: outer((input) => Number.isInteger(input)),
  float: outer(isFloat),
  boolean: outer((input) => typeof input === 'boolean'),
  true: outer((input) => input === true),
  false: outer((input) => input === false),
  mapping: outer(isMap),
  sequence: outer((input) => isText(input) || isList(input) || isMap(input)),
  iterable: outer((input) => isText(input) || isList(input) || isMap(input)),
  even: plain((input) => whole(input) % 2 === 0),
  odd: plain((input) => Math.abs(whole(input) % 2) === 1),
  divisibleby: {
    parameters: ['num'],
    reads: 'content',
    run: (input, args) => whole(input) % numberArgument(args, 0, 1) === 0,
  },
  lower: plain((input) => textOf(input) === textOf(input).toLowerCase() && /\p{L}/u.test(textOf(input))),
  upper: plain((input) => textOf(input) === textOf(input).toUpperCase() && /\p{L}/u.test(textOf(input))),
  abs: absolute,
  is_abs: absolute,
  nan: notANumber,
  isnan: notANumber,
  uri: address((_parts, fits) => fits),
  url: address((parts, fits) => fits && (parts.netloc !== '' || parts.scheme === 'file')),
  urn: address((parts) => parts.scheme === 'urn'),
  sameas: {
    parameters: ['other'],
    reads: 'structure',
    run: (input, [other = null]) =>
      findUnknown([input, other]) ??
      (typeof input === typeof other && isFloat(input) === isFloat(other) && equal(input, other)),
  },
  truthy,
  falsy: {
    ...truthy,
    run: (input, args, tools) => {
      const answer = truthy.run(input, args, tools);
      return answer instanceof Unknown ? answer : !answer;
    },
  },
  all: items((answers) => answers.every(Boolean)),
  any: items((answers) => answers.some(Boolean)),
  in: {
    parameters: ['container'],
    reads: 'structure',
    run: (input, [container = null]) => contains(container, input),
  },
  contains: {
    parameters: ['item'],
    reads: 'structure',
    run: (input, [item = null]) => contains(input, item),
  },
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  match: searching('\\A(?:', ')'),
  search: searching('', ''),
  regex: searching('', ''),
  version,
  version_compare: version,
};

const comparisons: readonly (readonly [CompareOperator, readonly string[]])[] = [
  ['==', ['==', 'eq', 'equalto']],
  ['!=', ['!=', 'ne']],
  ['<', ['<', 'lt', 'lessthan']],
  ['<=', ['<=', 'le']],
  ['>', ['>', 'gt', 'greaterthan']],
  ['>=', ['>=', 'ge']],
];

/** Every test by each of its names. `defined` and `undefined` are decided before, by the evaluator. */
export const tests: Table<Test> = {
  ...single,
  ...Object.fromEntries(
    comparisons.flatMap(([operator, names]) => names.map((name) => [name, comparing(operator)])),
  ),
  ...resultTests,
  ...ipTests,
  ...fileTests,
  defined: { parameters: [], reads: 'structure', run: () => true },
  undefined: { parameters: [], reads: 'structure', run: () => false },
};
