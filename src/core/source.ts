/** A place in a text. `line` and `column` count from 1, `offset` from 0 in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of a file, `end` exclusive. `file` is the path as the user wrote it, or `<command line>`. */
export interface Span {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

const origin: Position = { line: 1, column: 1, offset: 0 };

/** The span of a text as a whole when nothing finer is known: its first character. */
export function fileSpan(file: string): Span {
  return { file, start: origin, end: origin };
}

/** Prints a span as `file:line:column`, the form that editors and terminals turn into links. */
export function formatPlace(span: Span): string {
  return `${span.file}:${span.start.line}:${span.start.column}`;
}

/** Turns offsets of one text into positions; each look-up is a binary search over the line starts. */
export function positionsOf(text: string): (offset: number) => Position {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
  };
}
