import type { Problem } from '../core/failure.ts';
import { misfit, type Parameters, signature } from './callable.ts';
import { lookupProblem } from './evaluate-lookup.ts';
import { functionOf } from './functions.ts';
import { lookupFunctions, lookupOf } from './lookups.ts';
import { changesValue, changingMethods, methodNames } from './methods.ts';
import { type Arguments, children, literalOf, type Node, type NodeOf, type Range } from './node.ts';
import { codes, suggest } from './problems.ts';
import { filterOf, shortName, testOf } from './registry.ts';
import { filterProblem, testProblem } from './unknown-names.ts';

/** Something wrong that shows without any value. */
export interface Located {
  readonly problem: Problem;
  readonly at: Range;
}

/** Every unknown name and every wrong number of arguments in an expression. */
export function check(node: Node): readonly Located[] {
  return [...checkOne(node), ...children(node).flatMap(check)];
}

function checkOne(node: Node): readonly Located[] {
  switch (node.kind) {
    case 'filter':
      return checkFilter(node, node.args, 0);
    case 'call':
      if (lookupFunctions.has(node.name)) return checkLookup(node);
      return functionOf(node.name) === null ? checkFilter(node, node.args, 1) : checkFunction(node);
    case 'test': {
      const test = testOf(node.name);
      if (test === null) return [{ problem: testProblem(node.name), at: node.at }];
      return checkArguments(node, test.parameters, node.args);
    }
    case 'method': {
      if (methodNames.has(node.name)) return [];
      return [{ problem: methodProblem(node.name), at: node.at }];
    }
    default:
      return [];
  }
}

function checkLookup({ name, at, args }: NodeOf<'call'>): readonly Located[] {
  const [first] = args.positional;
  if (first === undefined && args.spread === undefined) {
    const hint = "For example lookup('env', 'HOME').";
    return [
      { problem: { code: codes.wrongArguments, message: `'${name}' needs the name of a lookup`, hint }, at },
    ];
  }
  const lookup = first === undefined ? undefined : literalOf(first);
  if (first === undefined || typeof lookup !== 'string' || lookupOf(lookup) !== null) return [];
  return [{ problem: lookupProblem(lookup), at: first }];
}

function methodProblem(name: string): Problem {
  if (changingMethods.has(name)) return changesValue(name);
  const otherwise =
    filterOf(name) === null ? 'docs/expressions.md lists all of them.' : `It is a filter: x | ${name}.`;
  const hint = suggest(name, methodNames, otherwise);
  return { code: codes.unknownMethod, message: `no value has a method '${name}'`, hint };
}

interface Named {
  readonly name: string;
  readonly at: Range;
}

/** `inputs`: how many of the arguments are the filter's input (1 where it is called as a helper). */
function checkFilter(node: Named, args: Arguments, inputs: 0 | 1): readonly Located[] {
  const filter = filterOf(node.name);
  if (filter === null) return [{ problem: filterProblem(node.name), at: node.at }];
  const rest = { ...args, positional: args.positional.slice(inputs) };
  if (args.positional.length < inputs) {
    const message = `'${shortName(node.name)}' needs a value to work on`;
    const hint = `Write value | ${node.name}, or ${node.name} value.`;
    return [{ problem: { code: codes.wrongArguments, message, hint }, at: node.at }];
  }
  return [...checkArguments(node, filter.parameters, rest), ...checkApplied(node, rest)];
}

function checkFunction(node: Named & { readonly args: Arguments }): readonly Located[] {
  const global = functionOf(node.name);
  return global === null ? [] : checkArguments(node, global.parameters, node.args);
}

function checkArguments(node: Named, parameters: Parameters, args: Arguments): readonly Located[] {
  const name = shortName(node.name);
  // How many there are shows only when they are evaluated.
  if (args.spread !== undefined || args.spreadNamed !== undefined) return [];
  const problem = misfit(
    parameters,
    args.positional.length,
    args.named.map((argument) => argument.name),
  );
  if (problem === null) return [];
  const hint = signature(name, parameters);
  return [{ problem: { code: codes.wrongArguments, message: `'${name}' ${problem}`, hint }, at: node.at }];
}

/** `map('upper')`, `select('defined')`, `selectattr('x', 'equalto', 1)`: the name of another filter or a test as text. */
function checkApplied(node: Named, args: Arguments): readonly Located[] {
  const name = shortName(node.name);
  const place = { map: 0, select: 0, reject: 0, selectattr: 1, rejectattr: 1 }[name];
  const argument = place === undefined ? undefined : args.positional[place];
  const applied = argument === undefined ? undefined : literalOf(argument);
  if (argument === undefined || typeof applied !== 'string') return [];
  if (name === 'map')
    return filterOf(applied) === null ? [{ problem: filterProblem(applied), at: argument }] : [];
  return testOf(applied) === null ? [{ problem: testProblem(applied), at: argument }] : [];
}
