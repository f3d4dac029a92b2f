import type { Range } from './node.ts';

/** The smallest parts of an expression. `spaced`: white space stands before it. */
export type Token = Range & { readonly spaced: boolean } & (
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'number'; readonly value: number; readonly float: boolean }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'symbol'; readonly text: string }
    | { readonly kind: 'end' }
  );

/** Why a text is no expression, with the place inside it. */
export interface SyntaxProblem extends Range {
  readonly message: string;
  readonly hint: string;
}

const symbols = [
  ...['**', '//', '==', '!=', '<=', '>=', '&&', '||', '../', '=>'],
  ...[
    '+',
    '-',
    '*',
    '/',
    '%',
    '~',
    '<',
    '>',
    '=',
    '|',
    '.',
    ',',
    ':',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '!',
    '&',
    '?',
  ],
];
const symbol = new RegExp(symbols.map((text) => text.replace(/\W/g, '\\$&')).join('|'), 'y');
const space = /\s+/y;
/** A name of plain letters, which is found faster, if it ends as one. */
const plainName = /[@A-Za-z_]\w*(?![^\0-\x7f]|\w)/y;
const name = /[@\p{L}_][\p{L}\p{N}_]*/uy;
const number = /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y;
const digits = /\d+/y;

/**
 * What a backslash in a quoted text means. `python`: `\n` is a line break and an unknown escape keeps its backslash, as
 * in conditions and template files. `literal`: it stands for itself, as Ansible has it in the mustaches of YAML texts.
 */
export type Escapes = 'python' | 'literal';

/** Cuts a text into tokens, the last one of kind `end`; or the first thing that is none. */
export function tokenize(text: string, escapes: Escapes): readonly Token[] | SyntaxProblem {
  const tokens: Token[] = [];
  let offset = 0;
  for (;;) {
    const blank = match(space, text, offset);
    const spaced = blank !== '' || offset === 0;
    offset += blank.length;
    if (offset >= text.length) {
      tokens.push({ kind: 'end', start: offset, end: offset, spaced });
      return tokens;
    }
    const before = tokens.at(-1);
    const afterDot = before?.kind === 'symbol' && before.text === '.';
    const token = readToken({ text, offset, spaced, afterDot, escapes });
    if (!('kind' in token)) return token;
    tokens.push(token);
    offset = token.end;
  }
}

interface Cursor {
  readonly text: string;
  readonly offset: number;
  readonly spaced: boolean;
  readonly afterDot: boolean;
  readonly escapes: Escapes;
}

function readToken(cursor: Cursor): Token | SyntaxProblem {
  const { text, offset: start, spaced, afterDot } = cursor;
  const quote = text[start];
  if (quote === '"' || quote === "'") return readString(cursor);
  const word = match(plainName, text, start) || match(name, text, start);
  if (word !== '') return { kind: 'name', text: word, start, end: start + word.length, spaced };
  // `a.0.b`: after a dot digits are a place in a list, not the start of 0.b or 1.5.
  const figures = match(afterDot ? digits : number, text, start);
  if (figures !== '') {
    const plain = figures.replaceAll('_', '');
    const float = !/^0[xob]/i.test(plain) && /[.eE]/.test(plain);
    return { kind: 'number', value: Number(plain), float, start, end: start + figures.length, spaced };
  }
  const mark = match(symbol, text, start);
  if (mark !== '') return { kind: 'symbol', text: mark, start, end: start + mark.length, spaced };
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return {
    start,
    end: start + character.length,
    message: `${JSON.stringify(character)} has no meaning in an expression`,
    hint: 'Put text in quotes; operators are + - * / // % ** ~ == != < <= > >= in, and, or, not, is, |.',
  };
}

const meanings: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** Escapes as Python has them: an unknown one keeps its backslash, so that '\d' and '\.' reach a pattern whole. */
function readString({ text, offset: start, spaced, escapes }: Cursor): Token | SyntaxProblem {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === quote) return { kind: 'string', value, start, end: at + 1, spaced };
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const next = text[at] ?? '';
    const code =
      escapes === 'literal'
        ? undefined
        : /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.exec(text.slice(at, at + 9))?.[0];
    const point = code === undefined ? Number.NaN : Number.parseInt(code.slice(1), 16);
    if (code !== undefined && point <= 0x10ffff) {
      value += String.fromCodePoint(point);
      at += code.length - 1;
    } else value += (escapes === 'python' ? meanings[next] : undefined) ?? `\\${next}`;
  }
  return {
    start,
    end: text.length,
    message: 'this text has no closing quote',
    hint: `Add the missing ${quote}; a text that holds a ${quote} stands in the other kind of quotes.`,
  };
}

function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}
