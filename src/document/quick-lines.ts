import type { Position, Span } from '../core/source.ts';
import type { SpanMaker } from './make-node.ts';
import type { DocNode, ScalarNode } from './node.ts';

/** A value, and where what belongs to it ends, a comment in its last line included. */
export interface QuickValue {
  readonly node: DocNode;
  readonly end: Position;
}

/** Thrown for whatever the quick reader leaves to the yaml library; never seen outside. */
export const unusual = new Error('left to the yaml library');

/** The text that is read, and the line at which the reader stands. */
export interface Lines {
  readonly text: string;
  readonly file: string;
  /** For spans over several lines. */
  readonly span: SpanMaker;
  line: number;
  lineStart: number;
  /** Of its line feed, or the end of the text. */
  lineEnd: number;
  /** Of the first character that is no space. */
  at: number;
  /** How deep that is indented; -1: the text is at its end. */
  indent: number;
  /** The deepest indentation of a comment between the last content and this line; -1: there is none. */
  comments: number;
}

/** Goes to the next line that holds more than spaces or a comment. */
export function nextContent(lines: Lines): void {
  lines.comments = -1;
  for (;;) {
    if (lines.lineEnd >= lines.text.length) {
      lines.indent = -1;
      lines.at = lines.text.length;
      return;
    }
    lines.line += 1;
    enterLine(lines, lines.lineEnd + 1);
    if (lines.at === lines.lineEnd) continue;
    if (lines.text.charCodeAt(lines.at) !== hash) return;
    if (lines.indent > lines.comments) lines.comments = lines.indent;
  }
}

/** Takes the line that begins at `start`. */
export function enterLine(lines: Lines, start: number): void {
  const { text } = lines;
  const end = text.indexOf('\n', start);
  let at = start;
  while (text.charCodeAt(at) === space) at += 1;
  lines.lineStart = start;
  lines.lineEnd = end === -1 ? text.length : end;
  lines.at = at;
  lines.indent = at - start;
}

/** Codes of characters. */
export const space = 0x20;
export const hash = 0x23;
export const dash = 0x2d;

/** The first character from `at` on that is no space. */
export function behindSpaces({ text }: Lines, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === space) end += 1;
  return end;
}

/** A place in the present line. */
export function placeOf({ line, lineStart }: Lines, offset: number): Position {
  return { line, column: offset - lineStart + 1, offset };
}

/** A stretch of the present line. */
export function stretchOf(lines: Lines, from: number, to: number): Span {
  return { file: lines.file, start: placeOf(lines, from), end: placeOf(lines, to) };
}

/** A text within the present line whose characters stand there as they are, the first at `first`. */
export function lineScalar(lines: Lines, value: string, span: Span, first: number): ScalarNode {
  const { file } = lines;
  const { line } = span.start;
  const lineStart = span.start.offset - span.start.column + 1;
  return {
    kind: 'scalar',
    span,
    value,
    tag: null,
    spanOf(start, end) {
      if (value === '') return span;
      const last = value.length - 1;
      const from = start > last ? first + last + 1 : first + Math.max(0, start);
      const to = end > start ? first + Math.min(end - 1, last) + 1 : from;
      const place = (offset: number): Position => ({ line, column: offset - lineStart + 1, offset });
      return { file, start: place(from), end: place(Math.max(from, to)) };
    },
  };
}
