import type { Arguments, Node } from './node.ts';
import type { Token } from './token.ts';
import { describe, keywords, type Parser, pick } from './token-reader.ts';

/** Where a value stands: as an argument of a helper it cannot itself start a helper call without parentheses. */
export type Standing = 'free' | 'argument';

const constants = new Map<string, null | boolean>([
  ...(['true', 'True'] as const).map((word) => [word, true] as const),
  ...(['false', 'False'] as const).map((word) => [word, false] as const),
  ...(['none', 'None', 'null'] as const).map((word) => [word, null] as const),
]);

/** Reads a literal, a name, a list, a map, a parenthesis or a call. */
export function parsePrimary(parser: Parser, standing: Standing): Node {
  const token = parser.peek();
  switch (token.kind) {
    case 'number':
      parser.next();
      return parser.made({ kind: 'literal', value: token.value, float: token.float, ...pick(token) });
    case 'string':
      return text(parser, standing);
    case 'name':
      return named(parser, token, standing);
    case 'symbol':
      if (token.text === '(') return parenthesis(parser);
      if (token.text === '[') return list(parser);
      if (token.text === '{') return map(parser);
      return missing(parser, token);
    case 'end':
      return missing(parser, token);
  }
}

/** A quoted text; several side by side are one, except among the arguments of a helper. */
function text(parser: Parser, standing: Standing): Node {
  const { start } = parser.peek();
  let value = '';
  let end = start;
  for (let token = parser.peek(); token.kind === 'string'; token = parser.peek()) {
    parser.next();
    value += token.value;
    end = token.end;
    if (standing === 'argument') break;
  }
  return parser.made({ kind: 'literal', value, float: false, start, end });
}

function missing(parser: Parser, token: Token): never {
  const text = token.kind === 'symbol' || token.kind === 'name' ? token.text : '';
  if (text === '../') {
    const hint = 'Variables keep their names inside blocks; name outer items: {{#each list as |item|}}.';
    return parser.refuse('"../" is not known here', hint);
  }
  if (text === '!') return parser.refuse('"!" has no meaning here', 'Write "not".');
  const hint = 'Write a variable, a number, a text in quotes, or a list in [ ].';
  return parser.refuse(`a value is missing before ${describe(token)}`, hint);
}

function named(parser: Parser, token: Token & { readonly kind: 'name' }, standing: Standing): Node {
  const constant = constants.get(token.text);
  if (constant === undefined && keywords.has(token.text)) return missing(parser, token);
  parser.next();
  if (constant !== undefined)
    return parser.made({ kind: 'literal', value: constant, float: false, ...pick(token) });
  const { text: name } = token;
  const following = parser.peek();
  if (parser.at('(') && !following.spaced) {
    const { args, end } = parseArguments(parser);
    return parser.made({ kind: 'call', name, at: pick(token), args, start: token.start, end });
  }
  if (standing === 'free' && following.spaced && startsValue(following) && parser.grammar.isHelper(name)) {
    return parser.nested(() => helperCall(parser, token));
  }
  return parser.made({ kind: 'name', name, ...pick(token) });
}

function startsValue(token: Token): boolean {
  if (token.kind === 'name') return constants.has(token.text) || !keywords.has(token.text);
  if (token.kind === 'symbol') return ['(', '[', '{'].includes(token.text);
  return token.kind !== 'end';
}

/** `join list ", "`, `default x y boolean=true`: arguments side by side, as Handlebars writes calls. */
function helperCall(parser: Parser, token: Token & { readonly kind: 'name' }): Node {
  const positional: Node[] = [];
  const named: { readonly name: string; readonly value: Node }[] = [];
  let end = token.end;
  while (startsValue(parser.peek())) {
    const name = argumentName(parser);
    const value = parser.argument();
    if (name === null) positional.push(value);
    else named.push({ name, value });
    end = value.end;
  }
  const args = { positional, named };
  return parser.made({ kind: 'call', name: token.text, at: pick(token), args, start: token.start, end });
}

/** Reads `( a, b, name=c )`; the parenthesis is the present token. */
export function parseArguments(parser: Parser): { readonly args: Arguments; readonly end: number } {
  const opened = parser.next();
  const positional: Node[] = [];
  const named: { readonly name: string; readonly value: Node }[] = [];
  const spreads: { spread?: Node; spreadNamed?: Node } = {};
  while (!parser.at(')')) {
    const kind = parser.skip('*') ? 'spread' : parser.skip('**') ? 'spreadNamed' : null;
    const name = kind === null ? argumentName(parser) : null;
    const value = parser.expression();
    if (kind !== null) spreads[kind] = value;
    else if (name === null) positional.push(value);
    else named.push({ name, value });
    if (!parser.skip(',')) break;
  }
  const { end } = parser.expect(')', opened);
  return { args: { positional, named, ...spreads }, end };
}

function argumentName(parser: Parser): string | null {
  const token = parser.peek();
  const sign = parser.peek(1);
  if (token.kind !== 'name' || sign.kind !== 'symbol' || sign.text !== '=') return null;
  parser.next();
  parser.next();
  return token.text;
}

/** A parenthesis, or with a comma a tuple, which is a list here. */
function parenthesis(parser: Parser): Node {
  const opened = parser.next();
  const items: Node[] = [];
  let tuple = parser.at(')');
  while (!parser.at(')')) {
    items.push(parser.expression());
    if (!parser.skip(',')) break;
    tuple = true;
  }
  const { end } = parser.expect(')', opened);
  const [only] = items;
  if (!tuple && only !== undefined) return only;
  return parser.made({ kind: 'list', tuple: true, items, start: opened.start, end });
}

function list(parser: Parser): Node {
  const opened = parser.next();
  const items: Node[] = [];
  while (!parser.at(']')) {
    items.push(parser.expression());
    if (!parser.skip(',')) break;
  }
  const { end } = parser.expect(']', opened);
  return parser.made({ kind: 'list', tuple: false, items, start: opened.start, end });
}

function map(parser: Parser): Node {
  const opened = parser.next();
  const entries: { readonly key: Node; readonly value: Node }[] = [];
  while (!parser.at('}')) {
    const key = parser.expression();
    parser.expect(':', key);
    entries.push({ key, value: parser.expression() });
    if (!parser.skip(',')) break;
  }
  const { end } = parser.expect('}', opened);
  return parser.made({ kind: 'map', entries, start: opened.start, end });
}
