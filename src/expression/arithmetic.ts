import { float, isFloat, numberIn } from '../core/float.ts';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret, findUnknown, isList, type Value } from '../core/value.ts';
import { withArticle } from './compare.ts';
import { formatted } from './format-text.ts';
import type { BinaryOperator } from './node.ts';
import { codes, fail } from './problems.ts';

/** Longest text or list that an operator may make, so that no expression exhausts memory. */
const maximumSize = 10_000_000;

/**
 * Computes `left operator right` as Python does, except `~`, which prints both and needs more than their values.
 * A text made from a secret is a secret.
 */
export function compute(operator: Exclude<BinaryOperator, '~'>, left: Value, right: Value): Value {
  if (left instanceof Unknown) return left;
  if (right instanceof Unknown) return right;
  if (isList(left) || isList(right)) return withLists(operator, left, right);
  const secret = left instanceof Secret ? left : right instanceof Secret ? right : null;
  const result = withTexts(operator, open(left), open(right)) ?? withNumbers(operator, left, right);
  return secret !== null && typeof result === 'string' ? new Secret(result, secret.label) : result;
}

function open(value: Value): Value {
  return value instanceof Secret ? reveal(value) : value;
}

function withLists(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '+' && isList(left) && isList(right)) return [...left, ...right];
  if (operator === '*' && isList(left) && typeof right === 'number') return repeated(left, right);
  if (operator === '*' && isList(right) && typeof left === 'number') return repeated(right, left);
  if (operator === '%' && (typeof left === 'string' || left instanceof Secret)) {
    const unknown = findUnknown(right);
    if (unknown !== null) return unknown;
    const text = formatted(reveal(left), isList(right) ? right : [right]);
    const secret = left instanceof Secret ? left : findSecret(right);
    return secret === null ? text : new Secret(text, secret.label);
  }
  return refuse(operator, left, right);
}

function repeated(list: readonly Value[], times: number): readonly Value[] {
  checkSize(list.length * times);
  return Array.from({ length: Math.max(0, times) }, () => list).flat(1);
}

function withTexts(operator: BinaryOperator, left: Value, right: Value): string | null {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
  if (operator === '%' && typeof left === 'string') return formatted(left, [right]);
  if (operator !== '*') return null;
  if (typeof left === 'string' && typeof right === 'number') return repeatedText(left, right);
  return typeof right === 'string' && typeof left === 'number' ? repeatedText(right, left) : null;
}

function repeatedText(text: string, times: number): string {
  checkSize(text.length * times);
  return text.repeat(Math.max(0, Math.trunc(times)));
}

/** Fails when a text or list of this many characters or items would be made. */
export function checkSize(size: number): void {
  if (size > maximumSize) {
    fail(
      codes.tooLarge,
      `the result would have more than ${maximumSize} parts`,
      'Make a smaller text or list.',
    );
  }
}

function withNumbers(operator: Exclude<BinaryOperator, '~'>, left: Value, right: Value): Value {
  const [one, two] = [numberOf(left), numberOf(right)];
  const isWhole = operator !== '/' && !isFloat(left) && !isFloat(right);
  if (one === null || two === null) return refuse(operator, left, right);
  if (two === 0 && ['/', '//', '%'].includes(operator)) {
    return fail(codes.arithmetic, `'${operator}' by zero`, 'Test the divisor first: A / B if B != 0 else 0.');
  }
  const result = calculated(operator, one, two);
  if (!isWhole) return float(result);
  if (Number.isSafeInteger(result) || (Number.isFinite(result) && !Number.isInteger(result))) return result;
  return fail(
    codes.arithmetic,
    `the result of '${operator}' is too large to be exact`,
    'Whole numbers are exact up to 9007199254740991.',
  );
}

function calculated(operator: Exclude<BinaryOperator, '~'>, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left - right * Math.floor(left / right);
    case '**':
      return left ** right;
  }
}

function numberOf(value: Value): number | null {
  if (typeof value === 'boolean') return Number(value);
  return numberIn(value);
}

function refuse(operator: BinaryOperator, left: Value, right: Value): never {
  const texts = typeof open(left) === 'string' || typeof open(right) === 'string';
  return fail(
    codes.wrongType,
    `'${operator}' cannot combine ${withArticle(left)} and ${withArticle(right)}`,
    texts && operator === '+'
      ? 'To join texts write "~" instead of "+"; to add numbers convert with | int.'
      : 'Convert one side first, for example with | int, | float, | string or | list.',
  );
}
