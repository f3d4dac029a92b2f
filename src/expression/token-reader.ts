import type { Node, Range } from './node.ts';
import { children } from './node.ts';
import type { SyntaxProblem, Token } from './token.ts';

/** Words that can be no variable. */
export const keywords: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'in', 'is', 'if', 'else', 'true', 'True', 'false', 'False', 'none', 'None', 'null'],
]);

/** How deep expressions may nest, so that no text can exhaust the stack. */
const maximumDepth = 150;

/** Carries a syntax problem out of the parser; never leaves `parse`. */
export class Unparsable extends Error {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A reading place in tokens, with the questions that a parser asks. */
export interface TokenReader {
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the present token is this symbol or word. */
  at(text: string): boolean;
  /** Steps over this symbol or word if it is the present token. */
  skip(text: string): boolean;
  /** Steps over this symbol or explains what is missing. */
  expect(text: string, opened: Range): Token;
  /** Ends the parse: the present token is not what may stand here. */
  refuse(message: string, hint: string): never;
  /** Runs a step of the descent, bounded in depth. */
  nested<T>(step: () => T): T;
  /** Registers a finished node, bounded in depth. */
  made(node: Node): Node;
}

/** What the grammar has to know of the names in it. */
export interface Grammar {
  /** Whether `NAME argument…` without parentheses is a call of NAME. */
  isHelper(name: string): boolean;
}

/** The reader together with the levels of the grammar that the others call back. */
export interface Parser extends TokenReader {
  readonly grammar: Grammar;
  /** Any expression. */
  expression(): Node;
  /** A value with its path, as it may stand beside others: an argument of a helper, or of a test without parentheses. */
  argument(): Node;
}

/** Starts reading at the first token. */
export function readTokens(tokens: readonly Token[]): TokenReader {
  const last = tokens.at(-1) ?? { kind: 'end', start: 0, end: 0, spaced: true };
  const depths = new Map<Node, number>();
  let position = 0;
  let depth = 0;
  const peek = (ahead = 0): Token => tokens[position + ahead] ?? last;
  const at = (text: string): boolean => {
    const token = peek();
    return (token.kind === 'symbol' || token.kind === 'name') && token.text === text;
  };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const tooDeep = (range: Range): never => {
    throw new Unparsable({
      start: range.start,
      end: range.end,
      message: `the expression nests more than ${maximumDepth} levels deep`,
      hint: 'Compute parts of it in variables of their own and name them here.',
    });
  };
  const refuse = (message: string, hint: string): never => {
    const { start, end } = peek();
    throw new Unparsable({ start, end, message, hint });
  };
  return {
    peek,
    next,
    at,
    refuse,
    skip(text) {
      const here = at(text);
      if (here) position += 1;
      return here;
    },
    expect(text, opened) {
      if (at(text)) return next();
      const found = describe(peek());
      if (peek().kind !== 'end')
        return refuse(`expected ${JSON.stringify(text)} but found ${found}`, closing(text));
      throw new Unparsable({
        ...pick(opened),
        message: `${JSON.stringify(text)} is missing`,
        hint: closing(text),
      });
    },
    nested(step) {
      depth += 1;
      if (depth > maximumDepth) tooDeep(peek());
      try {
        return step();
      } finally {
        depth -= 1;
      }
    },
    made(node) {
      const below = Math.max(0, ...children(node).map((child) => depths.get(child) ?? 0));
      if (below >= maximumDepth) tooDeep(node);
      depths.set(node, below + 1);
      return node;
    },
  };
}

/** A token as messages name it. */
export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the expression';
  if (token.kind === 'number') return `the number ${token.value}`;
  if (token.kind === 'string') return 'a text';
  return JSON.stringify(token.text);
}

/** Only the place of a token or node. */
export function pick(range: Range): Range {
  return { start: range.start, end: range.end };
}

function closing(text: string): string {
  return [')', ']', '}'].includes(text)
    ? `Close it with ${text}, or put an operator, a comma or "|" between the parts.`
    : `Write ${text} here.`;
}
