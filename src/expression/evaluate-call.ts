import { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import { applyFilter, applyTest } from './callable.ts';
import { appliedTools, givenOf } from './evaluate-filter.ts';
import type { Evaluator } from './evaluator.ts';
import { methodsOf, noMethod } from './methods.ts';
import type { NodeOf } from './node.ts';
import { Missing } from './problems.ts';
import { shortName, testOf } from './registry.ts';
import { noTest } from './unknown-names.ts';

/** `operand is [not] name(…)` */
export function evaluateTest(self: Evaluator, node: NodeOf<'test'>): Value {
  const answer = answerOf(self, node);
  return answer instanceof Unknown ? answer : answer !== node.negated;
}

function answerOf(self: Evaluator, node: NodeOf<'test'>): boolean | Unknown {
  const name = shortName(node.name);
  const test = testOf(name) ?? noTest(node.name);
  if (name === 'defined' || name === 'undefined') {
    return self.maybe(node.operand) instanceof Missing === (name === 'undefined');
  }
  const input = self.value(node.operand);
  return applyTest({ name, test, input, given: givenOf(self, node.args) }, appliedTools);
}

/** `target.name(…)` */
export function evaluateMethod(self: Evaluator, node: NodeOf<'method'>): Value | Missing {
  const input = self.maybe(node.target);
  if (input instanceof Missing || input instanceof Unknown) return input;
  const methods = methodsOf(input);
  const method = methods !== null && Object.hasOwn(methods, node.name) ? methods[node.name] : undefined;
  if (method === undefined) return noMethod(input, node.name);
  const given = givenOf(self, node.args);
  return applyFilter({ name: node.name, filter: method, input, given }, appliedTools) ?? null;
}
