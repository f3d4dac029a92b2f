import { resolve } from 'node:path';
import { Failure, type Problem } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findUnknown, type Value, type ValueMap } from '../core/value.ts';
import { listOf, mapArgument, textOf } from './arguments.ts';
import { applyFilter, applyTest, bound, type Filter, type Given, type Tools } from './callable.ts';
import { truth } from './compare.ts';
import type { Evaluator } from './evaluator.ts';
import { functionOf } from './functions.ts';
import type { Arguments, Node, NodeOf, Range } from './node.ts';
import { codes, fail, Missing } from './problems.ts';
import { filterOf, shortName, testOf } from './registry.ts';
import { mapOf, opened } from './secrecy.ts';
import { noFilter, noTest } from './unknown-names.ts';

/** `input | name(…)` */
export function evaluateFilter(self: Evaluator, node: NodeOf<'filter'>): Value | Missing {
  return withInput(self, node, { first: node.input, args: node.args });
}

/** `name(…)` and `name argument…`: a function, or a filter whose first argument is its input. */
export function evaluateCall(self: Evaluator, node: NodeOf<'call'>): Value | Missing {
  if (node.name === 'undef') return undefinedOnPurpose(self, node);
  const global = functionOf(node.name);
  if (global !== null) {
    const given = givenOf(self, node.args);
    const unknown = findUnknown([...given.positional, ...Object.values(given.named)]);
    return unknown ?? global.run(bound(node.name, global.parameters, given));
  }
  const [first, ...positional] = node.args.positional;
  if (first === undefined) return noFilter(node.name);
  return withInput(self, node, { first, args: { ...node.args, positional } });
}

/** `undef(hint='…')`: a value that must be set elsewhere. */
function undefinedOnPurpose(self: Evaluator, node: NodeOf<'call'>): Missing {
  const [hint] = bound('undef', ['hint?'], givenOf(self, node.args));
  const said = hint === undefined || hint === null ? 'this value must be set elsewhere' : messageOf(hint);
  const remedy = 'Set the variable in the inventory, under vars, or with -e.';
  return new Missing(
    { code: codes.undefinedVariable, message: said, hint: remedy },
    self.setting.place(node),
  );
}

interface Called {
  readonly name: string;
  readonly at: Range;
}

interface Inputs {
  readonly first: Node;
  readonly args: Arguments;
}

function withInput(self: Evaluator, node: Called, { first, args }: Inputs): Value | Missing {
  const filter = filterOf(node.name) ?? noFilter(node.name);
  const name = shortName(node.name);
  const input = self.maybe(first);
  if (input instanceof Missing) return withoutInput(self, name, { missing: input, args });
  const given = givenOf(self, isDefault(name) ? usedByDefault(input, args) : args);
  if (filter.byChance?.(bound(name, filter.parameters, given)) === true && isCheck(self))
    return new Unknown(`'${name}' gives another value each time`, self.setting.place(node.at));
  const doubt = doubtOf(self, looksAt(filter, input));
  if (doubt !== null) return doubt;
  const result = applyFilter({ name, filter, input, given }, toolsOf(self));
  return (
    result ?? (result === null ? null : new Missing(nothingFrom(node.name), self.setting.place(node.at)))
  );
}

function isCheck({ setting }: Evaluator): boolean {
  return setting.names.lookup('ansible_check_mode') === true;
}

function isDefault(name: string): boolean {
  return name === 'default' || name === 'd';
}

/** The value for a missing one is evaluated only where it is needed, as it may itself be missing. */
function usedByDefault(input: Value, args: Arguments): Arguments {
  if (input instanceof Unknown) return args;
  const onlyMissing = args.positional.length < 2 && !args.named.some(({ name }) => name === 'boolean');
  return onlyMissing || truth(input) === true ? { positional: [], named: [] } : args;
}

function withoutInput(
  self: Evaluator,
  name: string,
  { missing, args }: { readonly missing: Missing; readonly args: Arguments },
): Value | Missing {
  const named = args.named.find((argument) => argument.name === 'default_value' || argument.name === 'msg');
  const first = args.positional[0] ?? named?.value;
  if (isDefault(name)) return first === undefined ? '' : self.maybe(first);
  if (name !== 'mandatory' || first === undefined) throw new Failure(missing.problem, missing.span);
  const message = `${missing.problem.message}: ${messageOf(self.value(first))}`;
  throw new Failure({ ...missing.problem, message }, missing.span);
}

function messageOf(value: Value): string {
  return value instanceof Secret ? value.toString() : textOf(value);
}

/** A filter such as `first` found nothing to give. */
function nothingFrom(name: string): Problem {
  const hint = `Give a value for when there is none: … | ${name} | default(…).`;
  return { code: codes.missingKey, message: `'${name}' finds no value`, hint };
}

/** Evaluates arguments from left to right. */
export function givenOf(self: Evaluator, args: Arguments): Given {
  const positional = args.positional.map((argument) => self.value(argument));
  const named: ValueMap = mapOf(args.named.map(({ name, value }) => [name, self.value(value)] as const));
  if (args.spread === undefined && args.spreadNamed === undefined) return { positional, named };
  const list = args.spread === undefined ? [] : self.value(args.spread);
  const map = args.spreadNamed === undefined ? {} : self.value(args.spreadNamed);
  // What is unknown cannot be spread; among the arguments it makes the result unknown.
  const unknown = [list, map].find((value) => value instanceof Unknown);
  if (unknown !== undefined) return { positional: [...positional, unknown], named };
  return {
    positional: [...positional, ...listOf(list, '*')],
    named: { ...named, ...mapArgument(map, '**') },
  };
}

/** What filters and tests may use. */
export function toolsOf(self: Evaluator): Tools {
  const tools: Tools = {
    filter: (name, input, given) => {
      const filter = filterOf(name) ?? noFilter(name);
      const doubt = doubtOf(self, looksAt(filter, input));
      if (doubt !== null) return doubt;
      const result = applyFilter({ name: shortName(name), filter, input, given }, tools);
      return result === undefined ? absent(name) : result;
    },
    test: (name, input, given) => {
      const short = shortName(name);
      if (input === undefined || short === 'defined' || short === 'undefined') {
        return (input !== undefined) === (short === 'defined');
      }
      return tested(self, { name, test: testOf(name) ?? noTest(name), input, given });
    },
  };
  return tools;
}

/** What a test says; an Unknown where it looks at files of this machine that are not yet as a run would leave them. */
export function tested(self: Evaluator, call: Parameters<typeof applyTest>[0]): boolean | Unknown {
  const { test, input, given } = call;
  const paths = test.looks === 'here' ? [input, ...given.positional, ...Object.values(given.named)] : [];
  return doubtOf(self, paths) ?? applyTest(call, toolsOf(self));
}

/** Where a filter looks on this machine. */
function looksAt({ looksAt: place }: Filter, input: Value): readonly Value[] {
  if (place === undefined || findUnknown(input) !== null) return [];
  return [place(input instanceof Secret ? opened(input) : input)];
}

/** Why only a run tells what lies at one of these paths of this machine. */
function doubtOf({ setting }: Evaluator, paths: readonly Value[]): Unknown | null {
  for (const path of paths) {
    const name = path instanceof Secret ? opened(path) : path;
    const doubt = typeof name === 'string' ? setting.names.files?.doubtOf?.(resolve(name)) : null;
    if (doubt instanceof Unknown) return doubt;
  }
  return null;
}

function absent(name: string): never {
  const { code, message, hint } = nothingFrom(name);
  return fail(code, message, hint);
}
