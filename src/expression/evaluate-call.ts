import { Unknown } from '../core/unknown.ts';
import { findUnknown, type Value } from '../core/value.ts';
import { applyFilter } from './callable.ts';
import { givenOf, tested, toolsOf } from './evaluate-filter.ts';
import type { Evaluator } from './evaluator.ts';
import { methodsOf, noMethod } from './methods.ts';
import type { Node, NodeOf } from './node.ts';
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
    const value = self.maybe(node.operand);
    // What is unknown is there; whether something is in it, or comes of it, is not known.
    if (value instanceof Unknown && !isThere(self, node.operand)) return value;
    return value instanceof Missing === (name === 'undefined');
  }
  const input = self.value(node.operand);
  const given = givenOf(self, node.args);
  return tested(self, { name, test, input, given });
}

/** Whether an unknown value is found by names that are all known. */
function isThere(self: Evaluator, node: Node): boolean {
  if (node.kind === 'name') return true;
  if (node.kind === 'index') {
    const key = self.maybe(node.key);
    if (!(key instanceof Missing) && findUnknown(key) !== null) return false;
  }
  return (node.kind === 'member' || node.kind === 'index') && !(self.maybe(node.target) instanceof Unknown);
}

/** `target.name(…)` */
export function evaluateMethod(self: Evaluator, node: NodeOf<'method'>): Value | Missing {
  const input = self.maybe(node.target);
  if (input instanceof Missing || input instanceof Unknown) return input;
  const methods = methodsOf(input);
  const method = methods !== null && Object.hasOwn(methods, node.name) ? methods[node.name] : undefined;
  if (method === undefined) return noMethod(input, node.name);
  const given = givenOf(self, node.args);
  return applyFilter({ name: node.name, filter: method, input, given }, toolsOf(self)) ?? null;
}
