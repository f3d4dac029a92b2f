import type { Arguments, Node, Range } from './node.ts';
import { parseArguments } from './parse-primary.ts';
import { keywords, type Parser, pick } from './token-reader.ts';

/** `filters` also takes `| filter` and `is test`; `paths` only members, indexes and method calls. */
export type Reach = 'paths' | 'filters';

/** Reads what follows a value. */
export function parsePostfix(parser: Parser, value: Node, reach: Reach): Node {
  let target = value;
  for (;;) {
    const longer = step(parser, target, reach);
    if (longer === null) return target;
    target = longer;
  }
}

function step(parser: Parser, target: Node, reach: Reach): Node | null {
  if (parser.at('.')) return member(parser, target);
  if (parser.at('[')) return index(parser, target);
  if (reach === 'paths') return null;
  if (parser.at('|')) return filter(parser, target);
  return parser.at('is') ? test(parser, target) : null;
}

function member(parser: Parser, target: Node): Node {
  parser.next();
  const token = parser.next();
  const { start } = target;
  if (token.kind === 'number') {
    const key: Node = { kind: 'literal', value: token.value, float: false, ...pick(token) };
    return parser.made({ kind: 'index', target, key, start, end: token.end });
  }
  if (token.kind !== 'name') {
    return parser.refuse(
      'a key must follow the dot',
      'Write a.key, or a["any key"] for keys with other characters.',
    );
  }
  if (parser.at('(') && !parser.peek().spaced) {
    const { args, end } = parseArguments(parser);
    return parser.made({ kind: 'method', target, name: token.text, at: pick(token), args, start, end });
  }
  return parser.made({ kind: 'member', target, key: token.text, at: pick(token), start, end: token.end });
}

function index(parser: Parser, target: Node): Node {
  const opened = parser.next();
  const { start } = target;
  const from = parser.at(':') ? null : parser.expression();
  if (from !== null && !parser.at(':')) {
    const { end } = parser.expect(']', opened);
    return parser.made({ kind: 'index', target, key: from, start, end });
  }
  parser.next();
  const to = parser.at(':') || parser.at(']') ? null : parser.expression();
  const step = !parser.skip(':') || parser.at(']') ? null : parser.expression();
  const { end } = parser.expect(']', opened);
  return parser.made({ kind: 'slice', target, from, to, step, start, end });
}

function filter(parser: Parser, input: Node): Node {
  parser.next();
  const { name, at } = dottedName(parser, 'filter');
  const { args, end } = parser.at('(') ? parseArguments(parser) : { args: none, end: at.end };
  return parser.made({ kind: 'filter', input, name, at, args, start: input.start, end });
}

function test(parser: Parser, operand: Node): Node {
  parser.next();
  const negated = parser.skip('not');
  const { name, at } = dottedName(parser, 'test');
  const { args, end } = testArguments(parser, at);
  return parser.made({ kind: 'test', operand, name, at, negated, args, start: operand.start, end });
}

const none: Arguments = { positional: [], named: [] };

/** Behind a test one argument may stand without parentheses: `x is version "1.2"`, `x is in list`. */
function testArguments(parser: Parser, at: Range): { readonly args: Arguments; readonly end: number } {
  if (parser.at('(')) return parseArguments(parser);
  const token = parser.peek();
  const bare =
    token.kind === 'string' ||
    token.kind === 'number' ||
    (token.kind === 'name' && (!keywords.has(token.text) || /^(true|false|none|null)$/i.test(token.text))) ||
    (token.kind === 'symbol' && ['[', '{'].includes(token.text));
  if (!bare) return { args: none, end: at.end };
  const only = parser.argument();
  return { args: { positional: [only], named: [] }, end: only.end };
}

/** `upper`, also `ansible.builtin.upper`; words such as `in`, `true` and `none` are names of tests. */
function dottedName(parser: Parser, what: 'filter' | 'test'): { readonly name: string; readonly at: Range } {
  const first = parser.peek();
  const hint = what === 'filter' ? 'For example: x | default("none").' : 'For example: x is defined.';
  if (first.kind !== 'name') {
    return parser.refuse(`the name of a ${what} must follow ${what === 'filter' ? '"|"' : '"is"'}`, hint);
  }
  parser.next();
  let name = first.text;
  let { end } = first;
  while (parser.at('.') && parser.peek(1).kind === 'name') {
    parser.next();
    const part = parser.next();
    name += `.${part.kind === 'name' ? part.text : ''}`;
    end = part.end;
  }
  return { name, at: { start: first.start, end } };
}
