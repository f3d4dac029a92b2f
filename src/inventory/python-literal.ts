import { type Float, float } from '../core/float.ts';

/** Data of literals: JSON, in which 3.0 is no 3. */
export type LiteralValue =
  | null
  | boolean
  | number
  | string
  | Float
  | LiteralValue[]
  | { [key: string]: LiteralValue };

/** What a literal stands for; `null`: the text is no literal and stays text. */
export type Literal = { readonly value: LiteralValue } | null;

const maxLiteralDepth = 50;

/**
 * Reads a value of an INI inventory as Ansible does, as a Python literal: numbers, `True`, `False`, `None`, quoted texts,
 * lists, tuples, sets and maps of them. Anything else (`true`, `0755`, `x # note`) is no literal. Whole numbers beyond
 * 2^53 and infinite ones stay text, so that no digit is lost.
 */
export function pythonLiteral(text: string): Literal {
  const reader: Reader = { text, at: 0 };
  try {
    const value = readItems(reader, { closer: null, depth: 0 });
    return { value };
  } catch (cause) {
    if (cause === notLiteral) return null;
    throw cause;
  }
}

interface Reader {
  readonly text: string;
  at: number;
}

/** Thrown to leave the recursion; never seen outside. */
const notLiteral = new Error('not a literal');

/** At top level `1, 2` is a tuple. */
function readItems(reader: Reader, { closer, depth }: { closer: ')' | null; depth: number }): LiteralValue {
  const items: LiteralValue[] = [];
  let commas = 0;
  skipSpace(reader);
  while (!atEnd(reader, closer)) {
    items.push(readValue(reader, depth));
    skipSpace(reader);
    if (reader.text[reader.at] !== ',') break;
    reader.at += 1;
    commas += 1;
    skipSpace(reader);
  }
  if (!atEnd(reader, closer)) throw notLiteral;
  const [only] = items;
  if (commas > 0) return items;
  if (closer === ')' && items.length === 0) return [];
  if (only === undefined) throw notLiteral;
  return only;
}

function atEnd({ text, at }: Reader, closer: ')' | null): boolean {
  if (closer !== null) return text[at] === closer;
  return at >= text.length || text[at] === '#';
}

function readValue(reader: Reader, depth: number): LiteralValue {
  if (depth > maxLiteralDepth) throw notLiteral;
  skipSpace(reader);
  const { text } = reader;
  const letter = text[reader.at] ?? '';
  switch (letter) {
    case '"':
    case "'":
      return readTexts(reader);
    case '[':
      return readSequence(reader, { closer: ']', depth });
    case '(': {
      reader.at += 1;
      const value = readItems(reader, { closer: ')', depth: depth + 1 });
      reader.at += 1;
      return value;
    }
    case '{':
      return readBraces(reader, depth);
    default:
      return readWord(reader);
  }
}

function readSequence(
  reader: Reader,
  { closer, depth }: { closer: ']' | '}'; depth: number },
): LiteralValue[] {
  const items: LiteralValue[] = [];
  reader.at += 1;
  for (skipSpace(reader); reader.text[reader.at] !== closer; skipSpace(reader)) {
    items.push(readValue(reader, depth + 1));
    separate(reader, closer);
  }
  reader.at += 1;
  return items;
}

/** A map, or a set, which becomes a list. */
function readBraces(reader: Reader, depth: number): LiteralValue {
  const start = reader.at;
  reader.at += 1;
  skipSpace(reader);
  const map: { [key: string]: LiteralValue } = {};
  while (reader.text[reader.at] !== '}') {
    const key = readValue(reader, depth + 1);
    skipSpace(reader);
    if (reader.text[reader.at] !== ':') {
      reader.at = start;
      return readSequence(reader, { closer: '}', depth });
    }
    if (typeof key === 'object' && key !== null) throw notLiteral;
    reader.at += 1;
    const value = readValue(reader, depth + 1);
    Object.defineProperty(map, String(key), { value, enumerable: true, configurable: true, writable: true });
    separate(reader, '}');
    skipSpace(reader);
  }
  reader.at += 1;
  return map;
}

function separate(reader: Reader, closer: string): void {
  skipSpace(reader);
  if (reader.text[reader.at] === ',') reader.at += 1;
  else if (reader.text[reader.at] !== closer) throw notLiteral;
}

/** Texts side by side are one. */
function readTexts(reader: Reader): string {
  let value = '';
  while (reader.text[reader.at] === '"' || reader.text[reader.at] === "'") {
    value += readText(reader);
    skipSpace(reader);
  }
  return value;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function readText(reader: Reader): string {
  const { text } = reader;
  const quote = text[reader.at];
  if (text.startsWith(`${quote}${quote}${quote}`, reader.at)) throw notLiteral;
  let value = '';
  for (reader.at += 1; text[reader.at] !== quote; reader.at += 1) {
    const letter = text[reader.at];
    if (letter === undefined) throw notLiteral;
    if (letter !== '\\') {
      value += letter;
      continue;
    }
    const code = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(text.slice(reader.at + 1, reader.at + 6))?.[0];
    const next = text[reader.at + 1] ?? '';
    if (code !== undefined) value += String.fromCharCode(Number.parseInt(code.slice(1), 16));
    else value += escapes[next] ?? `\\${next}`;
    reader.at += code?.length ?? 1;
  }
  reader.at += 1;
  return value;
}

const word = /[+-]*[\w.]+(?:(?<=\d[eE])[+-]\d+)?/y;
const names = new Map<string, LiteralValue>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function readWord(reader: Reader): LiteralValue {
  word.lastIndex = reader.at;
  const match = word.exec(reader.text)?.[0];
  if (match === undefined) throw notLiteral;
  reader.at += match.length;
  const named = names.get(match);
  if (named !== undefined) return named;
  const [, sign = '', digits = ''] = /^([+-]*)(.*)$/.exec(match) ?? [];
  const number = unsigned(digits);
  if (number === null || !Number.isFinite(number)) throw notLiteral;
  const negative = (sign.match(/-/g)?.length ?? 0) % 2 === 1;
  const value = number === 0 ? 0 : negative ? -number : number;
  return isFraction(digits) ? float(value) : value;
}

function isFraction(digits: string): boolean {
  return !/^0[xX]/.test(digits) && /[.eE]/.test(digits);
}

function unsigned(text: string): number | null {
  const digits = text.replace(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, '');
  const isWhole = /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0+|[1-9]\d*)$/.test(digits);
  const isDecimal = /^(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?$|^\d+[eE][+-]?\d+$/.test(digits);
  if (!isWhole && !isDecimal) return null;
  const value = Number(digits);
  return isWhole && !Number.isSafeInteger(value) ? null : value;
}

function skipSpace(reader: Reader): void {
  while (reader.text[reader.at] === ' ' || reader.text[reader.at] === '\t') reader.at += 1;
}
