import { numberIn } from '../core/float.ts';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import { Unknown, Unresolved } from '../core/unknown.ts';
import { findUnknown, isList, isMap, typeName, type Value } from '../core/value.ts';
import type { CompareOperator } from './node.ts';
import { codes, fail } from './problems.ts';

/** Whether a value counts as true: not null, false, 0, or empty. Secrets answer by their content. */
export function truth(value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value.holds ?? value;
  if (value instanceof Secret) return reveal(value) !== '';
  if (isList(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(asNumber(value));
}

/** Compares two values as Python does; unknown when that hangs on something unknown. */
export function compare(operator: CompareOperator, left: Value, right: Value): boolean | Unknown {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return inverted(equal(left, right));
    case 'in':
      return contains(right, left);
    case 'not in':
      return inverted(contains(right, left));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return findUnknown(left) ?? findUnknown(right) ?? ordered(operator, order(left, right, operator));
  }
}

function inverted(answer: boolean | Unknown): boolean | Unknown {
  return answer instanceof Unknown ? answer : !answer;
}

/** Equality by content: `1 == 1.0 == true`, never between texts and numbers. */
export function equal(left: Value, right: Value): boolean | Unknown {
  // Members that cannot be rendered fail who reads them, and need not be read where kinds or sizes tell.
  if (!(left instanceof Unknown || right instanceof Unknown) && shapeOf(left) !== shapeOf(right))
    return false;
  return findUnknown(left) ?? findUnknown(right) ?? same(left, right);
}

function shapeOf(value: Value): string {
  if (isList(value)) return `list of ${value.length}`;
  return isMap(value) ? `map of ${Object.keys(value).length}` : 'other';
}

/** Equality of values. @throws Unresolved where it hangs on something unknown */
export function same(left: Value, right: Value): boolean {
  if (left instanceof Unknown) throw new Unresolved(left);
  if (right instanceof Unknown) throw new Unresolved(right);
  if (left instanceof Secret || right instanceof Secret) return same(open(left), open(right));
  if (isList(left)) {
    return (
      isList(right) && left.length === right.length && left.every((item, at) => same(item, right[at] ?? null))
    );
  }
  if (isMap(left)) {
    if (!isMap(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => Object.hasOwn(right, key) && same(left[key] ?? null, right[key] ?? null));
  }
  return asNumber(left) === asNumber(right);
}

function open(value: Value): Value {
  return value instanceof Secret ? reveal(value) : value;
}

function asNumber(value: Value): Value {
  return typeof value === 'boolean' ? Number(value) : (numberIn(value) ?? value);
}

/** Negative, zero or positive as `left` stands before, beside or after `right`; fails between types that have no order. */
export function order(left: Value, right: Value, operator: string): number {
  const [one, two] = [asNumber(open(left)), asNumber(open(right))];
  if (typeof one === 'number' && typeof two === 'number') return one - two;
  if (typeof one === 'string' && typeof two === 'string') return orderOfTexts(one, two);
  if (isList(one) && isList(two)) {
    for (const [index, item] of one.entries()) {
      const other = two[index];
      if (other === undefined) return 1;
      if (!same(item, other)) return order(item, other, operator);
    }
    return one.length - two.length;
  }
  return fail(
    codes.wrongType,
    `'${operator}' cannot order ${withArticle(left)} and ${withArticle(right)}`,
    'Convert one side first, for example with | int, | float or | string.',
  );
}

/** By code points, as Python orders texts. */
export function orderOfTexts(left: string, right: string): number {
  if (left === right) return 0;
  const [one, two] = [[...left], [...right]];
  for (const [index, character] of one.entries()) {
    const other = two[index];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}

function ordered(operator: '<' | '<=' | '>' | '>=', difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

/** Whether a text holds a text, a list an item, a map a key. */
export function contains(container: Value, item: Value): boolean | Unknown {
  if (container instanceof Unknown) return container;
  // Whatever it is, nothing holds it that holds nothing.
  if (item instanceof Unknown) return isList(container) && container.length === 0 ? false : item;
  const whole = open(container);
  if (typeof whole === 'string') {
    const part = open(item);
    if (typeof part === 'string') return whole.includes(part);
    return fail(
      codes.wrongType,
      `'in' needs a text to look for in a text, not ${withArticle(item)}`,
      'Convert it with | string.',
    );
  }
  if (isList(whole)) return someEqual(whole, item);
  const key = open(item);
  if (isMap(whole)) return (typeof key === 'string' || typeof key === 'number') && Object.hasOwn(whole, key);
  return fail(
    codes.wrongType,
    `'in' needs a text, list or map to look into, not ${withArticle(container)}`,
    'Put the value that is looked for before "in", what holds it after.',
  );
}

function someEqual(list: readonly Value[], item: Value): boolean | Unknown {
  let doubt: Unknown | null = null;
  for (const candidate of list) {
    const answer = equal(candidate, item);
    if (answer === true) return true;
    if (answer instanceof Unknown) doubt ??= answer;
  }
  return doubt ?? false;
}

/** `a list`, `null`: a type as it stands in a sentence. @throws Unresolved: nothing can be said of what is unknown */
export function withArticle(value: Value | undefined): string {
  if (value instanceof Unknown) throw new Unresolved(value);
  const name = typeName(value);
  if (name === 'null' || name === 'undefined' || name === 'omit') return name;
  const word = name === 'string' ? 'text' : name;
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}
