import type { BinaryOperator, CompareOperator, Comparison, Node } from './node.ts';
import { parsePostfix } from './parse-postfix.ts';
import { parsePrimary } from './parse-primary.ts';
import type { Escapes, SyntaxProblem } from './token.ts';
import { tokenize } from './token.ts';
import { describe, type Grammar, type Parser, readTokens, Unparsable } from './token-reader.ts';

const maximumLength = 100_000;

/** Parses an expression; never throws. Problems carry the place inside the text. */
export function parse(text: string, grammar: Grammar, escapes: Escapes): Node | SyntaxProblem {
  if (text.length > maximumLength) {
    const message = `the expression is longer than ${maximumLength} characters`;
    return { start: 0, end: 1, message, hint: 'Keep large data in variables and name them here.' };
  }
  const tokens = tokenize(text, escapes);
  if (!Array.isArray(tokens)) return tokens as SyntaxProblem;
  const reader = readTokens(tokens);
  const parser: Parser = {
    ...reader,
    grammar,
    expression: () => reader.nested(() => ternary(parser)),
    argument: () => parsePostfix(parser, parsePrimary(parser, 'argument'), 'paths'),
  };
  try {
    if (reader.peek().kind === 'end')
      return { ...whole(text), message: 'the expression is empty', hint: emptyHint };
    const node = parser.expression();
    return reader.peek().kind === 'end' ? node : leftover(parser);
  } catch (problem) {
    if (problem instanceof Unparsable) return problem.problem;
    throw problem;
  }
}

/** Whether parsing gave a problem instead of a node. */
export function isProblem(parsed: Node | SyntaxProblem): parsed is SyntaxProblem {
  return !('kind' in parsed);
}

const emptyHint = "Write a variable, a text in quotes or a condition; an empty text is ''.";

function whole(text: string): { readonly start: number; readonly end: number } {
  return { start: 0, end: text.length };
}

const foreign: Readonly<Record<string, string>> = {
  '&&': 'Write "and".',
  '||': 'Write "or".',
  '!': 'Write "not".',
  '=': 'To compare, write "==".',
  '?': 'Write "A if CONDITION else B".',
  '{': 'Names need no braces here: write x instead of {{ x }}.',
  '%': 'Between the values stands one "%".',
};

function leftover(parser: Parser): never {
  const token = parser.peek();
  const text = token.kind === 'symbol' || token.kind === 'name' ? token.text : '';
  const hint = foreign[text] ?? 'Put an operator between the values, such as ==, and, or, in, is, + or |.';
  return parser.refuse(`${describe(token)} cannot follow here`, hint);
}

function ternary(parser: Parser): Node {
  let node = or(parser);
  while (parser.skip('if')) {
    const condition = parser.nested(() => or(parser));
    const otherwise = parser.skip('else') ? parser.expression() : null;
    const end = (otherwise ?? condition).end;
    node = parser.made({ kind: 'ternary', condition, chosen: node, otherwise, start: node.start, end });
  }
  return node;
}

function or(parser: Parser): Node {
  let left = and(parser);
  while (parser.skip('or')) {
    const right = and(parser);
    left = parser.made({ kind: 'or', left, right, start: left.start, end: right.end });
  }
  return left;
}

function and(parser: Parser): Node {
  let left = not(parser);
  while (parser.skip('and')) {
    const right = not(parser);
    left = parser.made({ kind: 'and', left, right, start: left.start, end: right.end });
  }
  return left;
}

function not(parser: Parser): Node {
  const { start } = parser.peek();
  if (!parser.skip('not')) return compare(parser);
  const operand = parser.nested(() => not(parser));
  return parser.made({ kind: 'not', operand, start, end: operand.end });
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

function compare(parser: Parser): Node {
  const first = binary(parser, 0);
  const steps: Comparison[] = [];
  for (;;) {
    const operator = compareOperator(parser);
    if (operator === null) break;
    steps.push({ operator, right: binary(parser, 0) });
  }
  const end = steps.at(-1)?.right.end;
  return end === undefined ? first : parser.made({ kind: 'compare', first, steps, start: first.start, end });
}

function compareOperator(parser: Parser): CompareOperator | null {
  const token = parser.peek();
  const second = parser.peek(1);
  if (parser.at('not') && second.kind === 'name' && second.text === 'in') {
    parser.next();
    parser.next();
    return 'not in';
  }
  if ((token.kind !== 'symbol' && token.kind !== 'name') || !comparisons.has(token.text)) return null;
  parser.next();
  return token.text as CompareOperator;
}

/** Loosest first; within a level from left to right, `**` too, as Jinja has it. */
const levels: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%'], ['**']];

function binary(parser: Parser, level: number): Node {
  const operators = levels[level];
  if (operators === undefined) return unary(parser);
  let left = binary(parser, level + 1);
  for (;;) {
    const token = parser.peek();
    const operator = token.kind === 'symbol' ? operators.find((one) => one === token.text) : undefined;
    if (operator === undefined) return left;
    parser.next();
    const right = binary(parser, level + 1);
    left = parser.made({ kind: 'binary', operator, left, right, start: left.start, end: right.end });
  }
}

/** A sign binds tighter than a filter: `-3 | abs` is 3. */
function unary(parser: Parser): Node {
  return parsePostfix(parser, signed(parser), 'filters');
}

function signed(parser: Parser): Node {
  const { start } = parser.peek();
  const operator = parser.at('-') ? '-' : parser.at('+') ? '+' : null;
  if (operator === null) return parsePostfix(parser, parsePrimary(parser, 'free'), 'paths');
  parser.next();
  const operand = parser.nested(() => signed(parser));
  return parser.made({ kind: 'sign', operator, operand, start, end: operand.end });
}
