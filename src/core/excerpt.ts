import { cleanText } from './clean-text.ts';
import type { Colour, Paint } from './paint.ts';
import type { Span } from './source.ts';
import { characterWidth } from './text-width.ts';

/** A wider source line is cut around what the carets mark. */
const maxColumns = 160;
/** A span over more lines shows its first two and its last. */
const maxLines = 4;
const tabColumns = 4;
/** Every character is one column wide and shows as itself. */
const plain = /^[ -~]*$/;

/**
 * The source lines of a span, numbered, each with a line of carets below. Empty when there is no source or the span
 * lies outside of it. Tabs become spaces, wide characters get wide carets, control characters show as `�`.
 */
export function excerpt(
  source: string | null,
  span: Span,
  look: { readonly colour: Colour; readonly paint: Paint },
): string[] {
  if (source === null) return [];
  const all = linesOf(source);
  const last = Math.min(Math.max(span.end.line, span.start.line), all.length);
  // An end at the very beginning of a line marks nothing on that line.
  const end = last > span.start.line && span.end.column <= 1 ? last - 1 : last;
  if (span.start.line > all.length) return [];
  const gutter = String(end).length;
  const printed: string[] = [];
  for (let line = span.start.line; line <= end; line += 1) {
    if (end - span.start.line >= maxLines && line === span.start.line + 2) {
      printed.push(`  ${' '.repeat(gutter)} | …`);
      line = end;
    }
    const text = (all[line - 1] ?? '').replace(/\r$/, '');
    const from = line === span.start.line ? span.start.column - 1 : text.length - text.trimStart().length;
    const to = line === span.end.line ? span.end.column - 1 : text.length;
    const { shown, before, marked } = layOutNear(text, from, to);
    printed.push(`  ${look.paint('blue', `${String(line).padStart(gutter)} |`)} ${shown}`.trimEnd());
    const carets = look.paint(look.colour, '^'.repeat(Math.max(1, marked)));
    printed.push(`  ${look.paint('blue', `${' '.repeat(gutter)} |`)} ${' '.repeat(before)}${carets}`);
  }
  return printed;
}

/** Many problems of one file are shown one after the other. */
let split: { readonly source: string; readonly lines: readonly string[] } = { source: '', lines: [''] };

function linesOf(source: string): readonly string[] {
  if (split.source !== source) split = { source, lines: source.split('\n') };
  return split.lines;
}

/** A file of megabytes may be one line, of which only what stands around the marked stretch is looked at. */
function layOutNear(text: string, from: number, to: number): ReturnType<typeof layOut> {
  const reach = maxColumns;
  if (text.length <= 2 * reach) return layOut(text, from, to);
  const start = outsideOfPair(text, Math.max(0, Math.min(from, text.length) - reach));
  const end = outsideOfPair(text, Math.min(text.length, from + reach));
  return layOut(text.slice(start, end), from - start, to - start);
}

/** The place itself, or the one before it when it lies between the two halves of a character. */
function outsideOfPair(text: string, at: number): number {
  const inside = /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, at - 1), at + 1));
  return inside ? at - 1 : at;
}

/** The line as shown, and in columns what stands before the marked stretch and how wide that is. */
function layOut(text: string, from: number, to: number): { shown: string; before: number; marked: number } {
  if (text.length <= maxColumns && plain.test(text)) {
    const start = Math.max(0, from);
    const end = Math.min(to, text.length);
    return { shown: text, before: start, marked: Math.max(0, end - start) };
  }
  const cells: { text: string; width: number; offset: number }[] = [];
  let offset = 0;
  let column = 0;
  const clean = cleanText(text) === text;
  for (const character of text) {
    const cell = cellOf(character, { column, clean });
    cells.push({ ...cell, offset });
    column += cell.width;
    offset += character.length;
  }
  const widthOf = (part: typeof cells): number => part.reduce((sum, { width }) => sum + width, 0);
  const lead = cells.filter((cell) => cell.offset < from);
  const rest = cells.filter((cell) => cell.offset >= from);
  const marked = rest.filter((cell) => cell.offset < to);
  // Columns beyond the line's end are kept: a span may point just behind the last character.
  const beyond = Math.max(0, from - text.length);
  if (column <= maxColumns) {
    return { shown: join(cells), before: widthOf(lead) + beyond, marked: widthOf(marked) };
  }
  const near = lead.slice(-Math.floor(maxColumns / 3));
  const shown = [...near, ...rest].slice(0, maxColumns - 2);
  const left = near.length < lead.length ? '…' : '';
  const right = near.length + rest.length > shown.length ? '…' : '';
  const shownMarked = marked.slice(0, Math.max(1, shown.length - near.length));
  return {
    shown: left + join(shown) + right,
    before: left.length + widthOf(near) + beyond,
    marked: widthOf(shownMarked),
  };
}

/** `clean`: no character of the line must be replaced. */
function cellOf(
  character: string,
  { column, clean }: { readonly column: number; readonly clean: boolean },
): { text: string; width: number } {
  if (character === '\t') {
    const width = tabColumns - (column % tabColumns);
    return { text: ' '.repeat(width), width };
  }
  if (!clean && cleanText(character) !== character) return { text: '\ufffd', width: 1 };
  return { text: character, width: characterWidth(character) };
}

function join(cells: readonly { readonly text: string }[]): string {
  return cells.map(({ text }) => text).join('');
}
