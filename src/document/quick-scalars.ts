import type { Position } from '../core/source.ts';
import { plainScalar, textScalar } from './make-node.ts';
import type { DocNode, MapEntry, ScalarNode } from './node.ts';
import {
  behindSpaces,
  enterLine,
  hash,
  type Lines,
  lineScalar,
  placeOf,
  type QuickValue,
  space,
  stretchOf,
  unusual,
} from './quick-lines.ts';
import { endsPlain, longPlain, longQuoted } from './quick-long-scalars.ts';

/**
 * A value that begins at `at`, in something that is indented by `outer`; the reader stands in its last line then.
 * @throws unusual
 */
export function inlineValue(lines: Lines, at: number, outer: number): QuickValue {
  const { text } = lines;
  const code = text.charCodeAt(at);
  if (code === 0x22 || code === 0x27) {
    const { node, end } = quoted(lines, at) ?? longQuoted(lines, at, outer);
    return { node, end: lineRest(lines, end) };
  }
  if (code === 0x5b || code === 0x7b) {
    const { node, end } = flow(lines, at, { outer, depth: 0 });
    return { node, end: lineRest(lines, end) };
  }
  return plainValue(lines, at, outer);
}

/** Where a line ends whose content ends at `end`: a comment counts, spaces do not. */
function lineRest(lines: Lines, end: number): Position {
  const { text, lineEnd } = lines;
  const next = behindSpaces(lines, end);
  if (next === lineEnd) return placeOf(lines, end);
  if (next === end || text.charCodeAt(next) !== hash) throw unusual;
  return placeOf(lines, trimmed(text, lineEnd));
}

function trimmed(text: string, to: number): number {
  let end = to;
  while (text.charCodeAt(end - 1) === space) end -= 1;
  return end;
}

/** With what a plain text may begin, as far as it is read here. */
const plainStart = /[A-Za-z0-9_/.$(~^+;=\\<\u0080-\uffff]|[-:?][^\s]/y;

function plainValue(lines: Lines, at: number, outer: number): QuickValue {
  const { text, lineEnd } = lines;
  plainStart.lastIndex = at;
  if (!plainStart.test(text)) throw unusual;
  const rest = text.slice(at, lineEnd);
  const comment = rest.indexOf(' #');
  const isCommented = comment !== -1;
  const source = text.slice(at, trimmed(text, isCommented ? at + comment : lineEnd));
  if (endsPlain.test(source)) throw unusual;
  if (isCommented) return { node: plainNode(lines, source, at), end: placeOf(lines, trimmed(text, lineEnd)) };
  const long = longPlain(lines, at, { first: source, outer });
  if (long !== null) return long;
  const node = plainNode(lines, source, at);
  return { node, end: node.span.end };
}

const words: ReadonlyMap<string, null | boolean> = new Map([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** Characters with which numbers begin. */
const numeral = /^[-+.0-9]/;

/** As YAML's core schema reads a plain text; numbers that a double cannot hold, and those with a zero in front, stay text. */
function plainNode(lines: Lines, source: string, at: number): ScalarNode {
  const span = stretchOf(lines, at, at + source.length);
  if (numeral.test(source)) {
    if (/^[-+]?\d+$/.test(source)) {
      const value = Number(source);
      if (!/^[-+]?0\d/.test(source) && Number.isSafeInteger(value)) return plainScalar(value, span);
    } else if (/^[-+]?(?:\.\d+|\d+\.\d*)$/.test(source)) {
      const value = Number(source);
      const node = plainScalar(value, span);
      return Number.isInteger(value) ? { ...node, float: true } : node;
    } else if (/^[-+]?(?:0[xo]|\.(?:inf|nan)$|\.?\d+(?:\.\d*)?e)/i.test(source)) throw unusual;
  } else {
    const word = words.get(source);
    if (word !== undefined) return plainScalar(word, span);
  }
  return lineScalar(lines, source, span, at);
}

const doubleQuoted = /"(?:[^"\\\n]|\\["\\/bfnrt])*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;

/** A text in quotes that ends in this line; `null`: it does not. */
export function quoted(lines: Lines, at: number): { readonly node: ScalarNode; readonly end: number } | null {
  const { text } = lines;
  const isDouble = text.charCodeAt(at) === 0x22;
  const form = isDouble ? doubleQuoted : singleQuoted;
  form.lastIndex = at;
  const source = form.exec(text)?.[0];
  if (source === undefined) return null;
  const end = at + source.length;
  const span = stretchOf(lines, at, end);
  const inner = source.slice(1, -1);
  if (!inner.includes(isDouble ? '\\' : "'")) return { node: lineScalar(lines, inner, span, at + 1), end };
  const value = isDouble ? (JSON.parse(source) as string) : inner.replaceAll("''", "'");
  const style = isDouble ? 'double' : 'single';
  return {
    node: textScalar(value, { style, source, offset: at }, { span, tag: null, make: lines.span }),
    end,
  };
}

const flowPlain = /[A-Za-z0-9_/.$~][^,[\]{}#\n:"'&*!|>%@`]*/y;
const flowKey = /[A-Za-z_][\w.-]*(?=: )/y;

interface FlowPlace {
  readonly outer: number;
  readonly depth: number;
}

/** `[…]` or `{…}`, over several lines too; the reader stands in its last line then. @throws unusual */
function flow(lines: Lines, at: number, place: FlowPlace): { readonly node: DocNode; readonly end: number } {
  const { text, file } = lines;
  if (place.depth > 20) throw unusual;
  const start = placeOf(lines, at);
  const isMap = text.charCodeAt(at) === 0x7b;
  const close = isMap ? 0x7d : 0x5d;
  const items: DocNode[] = [];
  const entries: MapEntry[] = [];
  let next = nextInFlow(lines, at + 1, place);
  while (text.charCodeAt(next) !== close) {
    const key = isMap ? flowKeyAt(lines, next) : null;
    if (key !== null) {
      if (entries.some((entry) => entry.key === key.key)) throw unusual;
      next = nextInFlow(lines, key.end + 1, place);
    }
    const { node, end } = flowItem(lines, next, place);
    if (key === null) items.push(node);
    else entries.push({ key: key.key, span: key.span, value: node });
    next = nextInFlow(lines, end, place);
    if (text.charCodeAt(next) === close) break;
    if (text.charCodeAt(next) !== 0x2c) throw unusual;
    next = nextInFlow(lines, next + 1, place);
  }
  const span = { file, start, end: placeOf(lines, next + 1) };
  return { node: isMap ? { kind: 'map', span, entries } : { kind: 'list', span, items }, end: next + 1 };
}

/** The next character that is no blank, in this line or one that is indented more than what the brackets stand in. */
function nextInFlow(lines: Lines, at: number, { outer }: FlowPlace): number {
  let next = behindSpaces(lines, at);
  while (next === lines.lineEnd && next < lines.text.length) {
    lines.line += 1;
    enterLine(lines, next + 1);
    next = lines.at;
    if (next < lines.lineEnd && lines.indent <= outer) throw unusual;
  }
  return next;
}

function flowKeyAt(lines: Lines, at: number): Pick<MapEntry, 'key' | 'span'> & { readonly end: number } {
  const { text } = lines;
  const found = quoted(lines, at);
  if (found !== null) {
    const { node, end } = found;
    if (text.charCodeAt(end) !== 0x3a || text.charCodeAt(end + 1) !== space) throw unusual;
    return { key: String(node.value), span: node.span, end };
  }
  flowKey.lastIndex = at;
  const key = orUnusual(flowKey.exec(text)?.[0] ?? null);
  return { key, span: stretchOf(lines, at, at + key.length), end: at + key.length };
}

function flowItem(
  lines: Lines,
  at: number,
  place: FlowPlace,
): { readonly node: DocNode; readonly end: number } {
  const { text } = lines;
  const code = text.charCodeAt(at);
  if (code === 0x22 || code === 0x27) return orUnusual(quoted(lines, at));
  if (code === 0x5b || code === 0x7b) return flow(lines, at, { ...place, depth: place.depth + 1 });
  flowPlain.lastIndex = at;
  const source = orUnusual(flowPlain.exec(text)?.[0] ?? null).trimEnd();
  return { node: plainNode(lines, source, at), end: at + source.length };
}

function orUnusual<T>(found: T | null): T {
  if (found === null) throw unusual;
  return found;
}
