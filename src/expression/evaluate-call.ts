import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import { findUnknown, type Value, type ValueMap } from '../core/value.ts';
import { applyFilter, applyTest, bound, type Given, type Tools } from './callable.ts';
import type { Evaluator } from './evaluator.ts';
import { isFloat } from './floats.ts';
import { functionOf } from './functions.ts';
import { methodsOf, noMethod } from './methods.ts';
import type { Arguments, Node, NodeOf } from './node.ts';
import { Missing } from './problems.ts';
import { filterOf, shortName, testOf } from './registry.ts';
import { mapOf } from './secrecy.ts';
import { noFilter, noTest } from './unknown-names.ts';

/** `input | name(…)` */
export function evaluateFilter(self: Evaluator, node: NodeOf<'filter'>): Value | Missing {
  return withInput(self, node, { first: node.input, args: node.args });
}

/** `name(…)` and `name argument…`: a function, or a filter whose first argument is its input. */
export function evaluateCall(self: Evaluator, node: NodeOf<'call'>): Value | Missing {
  const global = functionOf(node.name);
  if (global !== null) {
    const given = givenOf(self, node.args);
    const unknown = findUnknown([...given.positional, ...Object.values(given.named)]);
    return unknown ?? global.run(bound(node.name, global.parameters, given));
  }
  const [first, ...positional] = node.args.positional;
  if (first === undefined) return noFilter(node.name);
  return withInput(self, node, { first, args: { positional, named: node.args.named } });
}

interface Call {
  readonly name: string;
}

function withInput(
  self: Evaluator,
  { name }: Call,
  call: { readonly first: Node; readonly args: Arguments },
): Value | Missing {
  const filter = filterOf(name) ?? noFilter(name);
  const short = shortName(name);
  const input = self.maybe(call.first);
  if (input instanceof Missing) return withoutInput(self, short, { missing: input, args: call.args });
  const given = givenOf(
    self,
    short === 'default' || short === 'd' ? usedByDefault(input, call.args) : call.args,
  );
  return applyFilter({ name: short, filter, input, given }, toolsOf(isFloat(call.first)));
}

/** The value for a missing one is evaluated only where it is needed, as it may itself be missing. */
function usedByDefault(input: Value, args: Arguments): Arguments {
  const onlyMissing = args.positional.length < 2 && !args.named.some(({ name }) => name === 'boolean');
  return onlyMissing && !(input instanceof Unknown) ? { positional: [], named: [] } : args;
}

function withoutInput(
  self: Evaluator,
  name: string,
  { missing, args }: { readonly missing: Missing; readonly args: Arguments },
): Value | Missing {
  const first =
    args.positional[0] ?? args.named.find((argument) => /^(?:default_value|msg)$/.test(argument.name))?.value;
  if (name === 'default' || name === 'd') return first === undefined ? '' : self.maybe(first);
  if (name !== 'mandatory' || first === undefined) throw new Failure(missing.problem, missing.span);
  throw new Failure({ ...missing.problem, message: String(self.value(first)) }, missing.span);
}

function givenOf(self: Evaluator, args: Arguments): Given {
  const positional = args.positional.map((argument) => self.value(argument));
  const named: ValueMap = mapOf(args.named.map(({ name, value }) => [name, self.value(value)] as const));
  return { positional, named };
}

function toolsOf(float: boolean): Tools {
  const tools: Tools = {
    float,
    filter: (name, input, given) =>
      applyFilter({ name, filter: filterOf(name) ?? noFilter(name), input, given }, toolsOf(false)),
    test: (name, input, given) => {
      const short = shortName(name);
      if (input === undefined || short === 'defined' || short === 'undefined')
        return (input !== undefined) === (short === 'defined');
      return applyTest({ name, test: testOf(name) ?? noTest(name), input, given }, toolsOf(false));
    },
  };
  return tools;
}

/** `operand is [not] name(…)` */
export function evaluateTest(self: Evaluator, node: NodeOf<'test'>): Value {
  const name = shortName(node.name);
  const test = testOf(name) ?? noTest(node.name);
  const answer = answerOf();
  return answer instanceof Unknown ? answer : answer !== node.negated;

  function answerOf(): boolean | Unknown {
    if (name === 'defined' || name === 'undefined') {
      return self.maybe(node.operand) instanceof Missing === (name === 'undefined');
    }
    const input = self.value(node.operand);
    return applyTest({ name, test, input, given: givenOf(self, node.args) }, toolsOf(isFloat(node.operand)));
  }
}

/** `target.name(…)` */
export function evaluateMethod(self: Evaluator, node: NodeOf<'method'>): Value | Missing {
  const input = self.maybe(node.target);
  if (input instanceof Missing || input instanceof Unknown) return input;
  const methods = methodsOf(input);
  const method = methods !== null && Object.hasOwn(methods, node.name) ? methods[node.name] : undefined;
  if (method === undefined) return noMethod(input, node.name);
  return applyFilter(
    { name: node.name, filter: method, input, given: givenOf(self, node.args) },
    toolsOf(false),
  );
}
