import { textScalar } from './make-node.ts';
import type { ScalarNode } from './node.ts';
import { enterLine, type Lines, placeOf, type QuickValue, unusual } from './quick-lines.ts';

/** What a plain text cannot hold: the colon of a key. */
export const endsPlain = /:(?: |$)/;

/**
 * A plain text whose first line is known and that goes on in the next ones, as far as they are indented more than
 * `outer`; the reader stands in its last line then. `null`: it has one line. @throws unusual
 */
export function longPlain(
  lines: Lines,
  at: number,
  { first, outer }: { readonly first: string; readonly outer: number },
): QuickValue | null {
  const { text } = lines;
  const start = placeOf(lines, at);
  const back = { line: lines.line, lineStart: lines.lineStart, lineEnd: lines.lineEnd };
  const content = [first];
  let end = at + first.length;
  let last = { ...back };
  let blank = 0;
  while (lines.lineEnd < text.length) {
    lines.line += 1;
    enterLine(lines, lines.lineEnd + 1);
    if (lines.at === lines.lineEnd) {
      blank += 1;
      continue;
    }
    if (lines.indent <= outer || text.charCodeAt(lines.at) === 0x23) break;
    const line = text.slice(lines.at, lines.lineEnd).replace(/ +$/, '');
    if (endsPlain.test(line) || line.includes(' #')) throw unusual;
    for (; blank > 0; blank -= 1) content.push('');
    content.push(line);
    end = lines.at + line.length;
    last = { line: lines.line, lineStart: lines.lineStart, lineEnd: lines.lineEnd };
  }
  Object.assign(lines, last);
  if (content.length === 1) return null;
  const span = { file: lines.file, start, end: placeOf(lines, end) };
  const source = { style: 'plain', source: text.slice(at, end), offset: at } as const;
  const node = textScalar(folded(content), source, { span, tag: null, make: lines.span });
  return { node, end: span.end };
}

/** Lines become one; of empty ones between two the first stands for the line break. */
function folded(content: readonly string[]): string {
  let value = '';
  let between = '';
  for (const line of content) {
    if (line === '') between = between === ' ' ? '\n' : `${between}\n`;
    else {
      value += between + line;
      between = ' ';
    }
  }
  return value;
}

const doubleQuoted = /"(?:[^"\\]|\\["\\/bfnrt\n])*"/y;
const singleQuoted = /'(?:[^']|'')*'/y;

/**
 * A text in quotes over several lines that are indented more than `outer`; the reader stands in its last line then.
 * @throws unusual
 */
export function longQuoted(
  lines: Lines,
  at: number,
  outer: number,
): { readonly node: ScalarNode; readonly end: number } {
  const { text } = lines;
  const start = placeOf(lines, at);
  const isDouble = text.charCodeAt(at) === 0x22;
  const form = isDouble ? doubleQuoted : singleQuoted;
  form.lastIndex = at;
  const source = form.exec(text)?.[0];
  if (source === undefined) throw unusual;
  const end = at + source.length;
  while (lines.lineEnd < end) {
    lines.line += 1;
    enterLine(lines, lines.lineEnd + 1);
    if (lines.at < lines.lineEnd && lines.indent <= outer) throw unusual;
  }
  const span = { file: lines.file, start, end: placeOf(lines, end) };
  const inner = joined(source.slice(1, -1));
  const value = isDouble
    ? (JSON.parse(`"${inner.replaceAll('\n', '\\n')}"`) as string)
    : inner.replaceAll("''", "'");
  const style = isDouble ? 'double' : 'single';
  const node = textScalar(value, { style, source, offset: at }, { span, tag: null, make: lines.span });
  return { node, end };
}

/** The lines of a text in quotes as one, escapes still in it but for that of a line break, which keeps the blanks. */
function joined(inner: string): string {
  const parts = inner.split('\n');
  let value = '';
  let between = '';
  for (const [index, part] of parts.entries()) {
    const begun = index === 0 ? part : part.replace(/^ +/, '');
    const isLast = index === parts.length - 1;
    const escaped = !isLast && /(?:^|[^\\])(?:\\\\)*\\$/.test(begun);
    const line = isLast ? begun : escaped ? begun.slice(0, -1) : begun.replace(/ +$/, '');
    if (line === '' && (index === 0 || isLast || escaped || between === '')) throw unusual;
    if (line === '') between = between === ' ' ? '\n' : `${between}\n`;
    else {
      value += between + line;
      between = escaped ? '' : ' ';
    }
  }
  return value;
}
