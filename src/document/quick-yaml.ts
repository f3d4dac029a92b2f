import type { Position, Span } from '../core/source.ts';
import { plainScalar, type SpanMaker } from './make-node.ts';
import type { DocNode, MapEntry } from './node.ts';
import { blockScalar } from './quick-block-scalar.ts';
import {
  behindSpaces,
  dash,
  hash,
  type Lines,
  nextContent,
  placeOf,
  type QuickValue,
  space,
  stretchOf,
  unusual,
} from './quick-lines.ts';
import { inlineValue, quoted } from './quick-scalars.ts';

/**
 * Reads the YAML that most playbooks are written in, and only where it leaves nothing to judge: block maps and lists with
 * plain, quoted and block texts, short lists and maps in brackets, comments. `null`: something else stands in the text,
 * be it rare or wrong, and the yaml library has to read it. Where it gives a node, it is the node that the library's
 * would be, to the last place; it takes a tenth of the time.
 */
export function quickYaml(text: string, file: string, span: SpanMaker): DocNode | null {
  if (strange.test(text)) return null;
  const lines: Lines = {
    text,
    file,
    span,
    line: 0,
    lineStart: 0,
    lineEnd: -1,
    at: 0,
    indent: 0,
    comments: -1,
  };
  try {
    nextContent(lines);
    const marked = lines.indent === 0 && text.startsWith('---', lines.at);
    const start = marked ? lines.at + 3 : 0;
    if (documentMarks.some((mark) => text.includes(mark, start))) return null;
    if (marked) {
      if (behindSpaces(lines, start) !== lines.lineEnd) return null;
      nextContent(lines);
    }
    if (lines.indent !== 0) return null;
    const { node } = block(lines, { indent: 0, depth: 0, held: { levels: 0 } });
    return isAtEnd(lines) ? node : null;
  } catch (thrown) {
    if (thrown === unusual) return null;
    throw thrown;
  }
}

/** Blanks that are none to YAML, though a trim takes them, and directives. */
const strange = /[\t\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]|^%/;
const documentMarks = ['\n---', '\n...', '\n%'];

function isAtEnd({ indent }: Lines): boolean {
  return indent === -1;
}

interface Place {
  readonly indent: number;
  readonly depth: number;
  /** How many maps and lists have ended before this line, though a comment stands deeper than it. */
  readonly held: { levels: number };
}

/** The list or map at whose first line the reader stands. */
function block(lines: Lines, place: Place): QuickValue {
  if (place.depth > 40) throw unusual;
  const start = placeOf(lines, lines.at);
  return isItem(lines) ? list(lines, place, start) : map(lines, place, start);
}

function isItem({ text, at, lineEnd }: Lines): boolean {
  return text.charCodeAt(at) === dash && (at + 1 === lineEnd || text.charCodeAt(at + 1) === space);
}

function list(lines: Lines, place: Place, start: Position): QuickValue {
  const items: DocNode[] = [];
  let end = start;
  do {
    const next = behindSpaces(lines, lines.at + 1);
    if (next === lines.lineEnd) nextContent(lines);
    else {
      lines.at = next;
      lines.indent = next - lines.lineStart;
    }
    if (lines.indent <= place.indent) throw unusual;
    const item = below(lines, place);
    items.push(item.node);
    end = item.end;
  } while (goesOn(lines, place, isItem(lines)));
  return { node: { kind: 'list', span: { file: lines.file, start, end }, items }, end };
}

/** What stands deeper than its list or map, at the reader's place. */
function below(lines: Lines, place: Place): QuickValue {
  const { indent, at } = lines;
  if (isItem(lines) || keyAt(lines) !== null)
    return block(lines, { ...place, indent, depth: place.depth + 1 });
  return scalar(lines, at, place.indent);
}

/** A text, a number, a list or map in brackets: what does not nest by indentation. */
function scalar(lines: Lines, at: number, outer: number): QuickValue {
  const code = lines.text.charCodeAt(at);
  if (code === 0x7c || code === 0x3e) return blockScalar(lines, at, outer);
  const value = inlineValue(lines, at, outer);
  nextContent(lines);
  // It may go on in the next line.
  if (lines.indent > outer) throw unusual;
  return value;
}

interface Key {
  readonly key: string;
  readonly span: Span;
  /** Of the colon. */
  readonly colon: number;
}

const plainKey = /[A-Za-z0-9_./][^\s:#]{0,200}(?: [^\s:#]{1,60}){0,5}(?=:(?:[ \n]|$))/y;

/** The key that stands at the reader's place; `null`: there is none. */
function keyAt(lines: Lines): Key | null {
  const { text, at } = lines;
  const code = text.charCodeAt(at);
  if (code === 0x22 || code === 0x27) {
    const found = quoted(lines, at);
    if (found === null || text.charCodeAt(found.end) !== 0x3a) return null;
    if (text.charCodeAt(found.end + 1) !== space && found.end + 1 !== lines.lineEnd) return null;
    return { key: String(found.node.value), span: found.node.span, colon: found.end };
  }
  plainKey.lastIndex = at;
  const key = plainKey.exec(text)?.[0];
  return key === undefined
    ? null
    : { key, span: stretchOf(lines, at, at + key.length), colon: at + key.length };
}

function map(lines: Lines, place: Place, start: Position): QuickValue {
  const entries: MapEntry[] = [];
  const names = new Set<string>();
  let end = start;
  do {
    const found = keyAt(lines);
    if (found === null || names.has(found.key)) throw unusual;
    names.add(found.key);
    const value = valueBehind(lines, place, found.colon);
    entries.push({ key: found.key, span: found.span, value: value.node });
    end = value.end;
  } while (goesOn(lines, place, true));
  return { node: { kind: 'map', span: { file: lines.file, start, end }, entries }, end };
}

function valueBehind(lines: Lines, place: Place, colon: number): QuickValue {
  const next = behindSpaces(lines, colon + 1);
  const commented = lines.text.charCodeAt(next) === hash;
  if (next !== lines.lineEnd && !commented) return scalar(lines, next, place.indent);
  if (commented && next === colon + 1) throw unusual;
  const empty = stretchOf(lines, next, next);
  const end = placeOf(lines, colon + 1);
  nextContent(lines);
  if (lines.indent > place.indent) return below(lines, place);
  if (lines.indent === place.indent && isItem(lines))
    return block(lines, { ...place, depth: place.depth + 1 });
  // The library takes comments behind nothing for a part of it.
  if (lines.indent < place.indent && (commented || lines.comments !== -1)) throw unusual;
  return { node: plainScalar(null, empty), end };
}

/**
 * Whether another entry follows. The library takes a comment that is deeper than the next content for the end of a list
 * or map, which then makes those longer that end with it: only a comment that no other sees is left to this reader.
 */
function goesOn(lines: Lines, { indent, held }: Place, fits: boolean): boolean {
  if (lines.indent > indent) throw unusual;
  if (lines.indent === indent && fits) {
    held.levels = 0;
    return true;
  }
  if (lines.comments > Math.max(0, lines.indent)) {
    if (lines.indent === -1 || lines.comments > indent || held.levels > 0) throw unusual;
    held.levels += 1;
  }
  return false;
}
