import { Failure } from '../core/failure.ts';
import { float } from '../core/float.ts';
import { omit } from '../core/omit.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret, findUnknown, isList, type Value } from '../core/value.ts';
import { evaluateIndex, evaluateMember, evaluateSlice } from './access.ts';
import { textOf } from './arguments.ts';
import { compute } from './arithmetic.ts';
import { compare, truth } from './compare.ts';
import { evaluateMethod, evaluateTest } from './evaluate-call.ts';
import { evaluateCall, evaluateFilter } from './evaluate-filter.ts';
import { evaluateLookup } from './evaluate-lookup.ts';
import type { Evaluator } from './evaluator.ts';
import { lookupFunctions } from './lookups.ts';
import type { Node, NodeOf } from './node.ts';
import { codes, found, Missing, placed } from './problems.ts';
import type { Setting } from './scope.ts';
import { mapOf } from './secrecy.ts';
import { undefinedVariable } from './undefined.ts';

/** An evaluator whose names and places come from `setting`. */
export function evaluator(setting: Setting): Evaluator {
  const self: Evaluator = {
    setting,
    maybe: (node) =>
      placed(
        () => setting.place(spanOf(node)),
        () => evaluate(self, node),
      ),
    value: (node) => present(self.maybe(node)),
    textual: (node) => {
      const value = self.maybe(node);
      return value instanceof Missing && value.as === 'nothing' ? '' : present(value);
    },
  };
  return self;
}

function present(value: Value | Missing): Value {
  if (value instanceof Missing) throw new Failure(value.problem, value.span);
  return value;
}

/** Names of filters, tests and methods are better places of a problem than the whole chain before them. */
function spanOf(node: Node): { readonly start: number; readonly end: number } {
  return node.kind === 'filter' || node.kind === 'test' || node.kind === 'method'
    ? { start: node.at.start, end: node.end }
    : node;
}

function evaluate(self: Evaluator, node: Node): Value | Missing {
  switch (node.kind) {
    case 'literal':
      return node.float ? float(Number(node.value)) : node.value;
    case 'name':
      return variable(self, node);
    case 'member':
      return evaluateMember(self, node);
    case 'index':
      return evaluateIndex(self, node);
    case 'slice':
      return evaluateSlice(self, node);
    case 'list':
      return node.items.map((item) => self.value(item));
    case 'map':
      return evaluateMap(self, node);
    case 'sign':
      return compute(node.operator, 0, self.value(node.operand));
    case 'not': {
      const answer = truth(self.value(node.operand));
      return answer instanceof Unknown ? answer : !answer;
    }
    case 'binary':
      if (node.operator === '~') return joined(self, node);
      return compute(node.operator, self.value(node.left), operand(node, self.value(node.right)));
    case 'compare':
      return compareAll(self, node);
    case 'and':
    case 'or':
      return logical(self, node);
    case 'ternary':
      return choose(self, node);
    case 'test':
      return evaluateTest(self, node);
    case 'filter':
      return evaluateFilter(self, node);
    case 'method':
      return evaluateMethod(self, node);
    case 'call':
      return lookupFunctions.has(node.name) ? evaluateLookup(self, node) : evaluateCall(self, node);
  }
}

/** Of lists only one in parentheses fills several places of `%`. */
function operand({ operator, right: node }: NodeOf<'binary'>, right: Value): Value {
  return operator === '%' && isList(right) && !(node.kind === 'list' && node.tuple) ? [right] : right;
}

function variable({ setting }: Evaluator, node: NodeOf<'name'>): Value | Missing {
  const value = found(() => setting.names.lookup(node.name));
  if (value !== undefined) return value;
  return node.name === 'omit' ? omit : undefinedVariable(setting, node);
}

function evaluateMap(self: Evaluator, node: NodeOf<'map'>): Value {
  const entries = node.entries.map(({ key, value }) => [self.value(key), self.value(value)] as const);
  for (const [key] of entries) if (key instanceof Unknown) return key;
  return mapOf(entries.map(([key, value]) => [textOf(key), value] as const));
}

/** `~` joins what both sides print. */
function joined(self: Evaluator, node: NodeOf<'binary'>): Value {
  const [left, right] = [self.textual(node.left), self.textual(node.right)];
  const unknown = findUnknown(left) ?? findUnknown(right);
  if (unknown !== null) return unknown;
  const secret = findSecret(left) ?? findSecret(right);
  const text = textOf(left) + textOf(right);
  return secret === null ? text : new Secret(text, secret.label);
}

/** `a < b < c` is `a < b and b < c` with b evaluated once. */
function compareAll(self: Evaluator, node: NodeOf<'compare'>): Value {
  let left = self.value(node.first);
  let doubt: Unknown | null = null;
  for (const { operator, right: next } of node.steps) {
    const right = self.value(next);
    const answer = compare(operator, left, right);
    if (answer === false) return false;
    if (answer instanceof Unknown) doubt ??= answer;
    left = right;
  }
  return doubt ?? true;
}

/**
 * The deciding operand, as in Python. A false decides `and`, a true decides `or`, even beside an unknown; but only where that
 * can be nothing but true or false is it known which of the two it comes to.
 */
function logical(self: Evaluator, node: NodeOf<'and' | 'or'>): Value {
  const decides = node.kind === 'or';
  const left = self.textual(node.left);
  const answer = truth(left);
  if (answer === decides) return left;
  if (!(answer instanceof Unknown)) return self.value(node.right);
  const right = valueBesideUnknown(self, node.right);
  if (right === null || truth(right) !== decides) return answer;
  return right === decides && isAnswer(node.left) ? right : new Unknown(answer.reason, answer.span, decides);
}

/** Whether an expression comes to true or false, and to nothing else. */
function isAnswer(node: Node): boolean {
  if (node.kind === 'and' || node.kind === 'or') return isAnswer(node.left) && isAnswer(node.right);
  return node.kind === 'compare' || node.kind === 'not' || node.kind === 'test';
}

/** The right side may rely on the left one being so; where it fails nothing is known. */
function valueBesideUnknown(self: Evaluator, node: Node): Value | null {
  try {
    return self.value(node);
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

function choose(self: Evaluator, node: NodeOf<'ternary'>): Value | Missing {
  const answer = truth(self.value(node.condition));
  if (answer instanceof Unknown) return answer;
  if (answer) return self.maybe(node.chosen);
  if (node.otherwise !== null) return self.maybe(node.otherwise);
  const message = 'the condition is false and there is no "else"';
  const hint = 'Add else and a value: A if B else C.';
  return new Missing({ code: codes.undefinedVariable, message, hint }, self.setting.place(node), 'nothing');
}
