/** The source of one scalar as YAML's parser keeps it. `offset` is that of the opening quote, first letter or header. */
export interface ScalarSource {
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** With quotes; for block scalars the body after the header line. */
  readonly source: string;
  /** Where `source` begins in the file. */
  readonly offset: number;
}

/** Where each UTF-16 unit of a scalar's value comes from: unit i is source [starts[i], ends[i]). */
export interface Offsets {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Follows a scalar's value through its source: quotes, escapes, folded lines and block indentation. `null` when the two
 * do not match, which happens for text that was not read without errors.
 */
export function scalarOffsets(scalar: ScalarSource, value: string): Offsets | null {
  switch (scalar.style) {
    case 'plain':
      return matchText(scalar, value, { from: 0, to: scalar.source.length, escape: null });
    case 'single':
      return matchText(scalar, value, { from: 1, to: scalar.source.length - 1, escape: "'" });
    case 'double':
      return matchText(scalar, value, { from: 1, to: scalar.source.length - 1, escape: '\\' });
    case 'literal':
    case 'folded':
      return matchBlock(scalar, value);
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly escape: "'" | '\\' | null;
}

function matchText({ source, offset }: ScalarSource, value: string, stretch: Stretch): Offsets | null {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = stretch.from;
  let index = 0;
  while (index < value.length) {
    let end = at + 1;
    let units = 1;
    const fold = foldAt(source, at, stretch);
    if (fold !== null && value.startsWith(fold.value, index)) {
      end = fold.end;
      units = fold.value.length;
    } else if (stretch.escape === "'" && source[at] === "'") end = at + 2;
    else if (stretch.escape === '\\' && source[at] === '\\') {
      const code = escapeAt(source, at);
      end = code.end;
      units = code.units;
    }
    if (end > stretch.to) return null;
    if (fold === null && source[at] !== '\\' && source[at] !== value[index]) return null;
    for (let unit = 0; unit < units; unit += 1) {
      starts.push(offset + at);
      ends.push(offset + end);
    }
    at = end;
    index += units;
  }
  return { starts, ends };
}

/** Spaces, a line break and what follows up to the next text, which read as one space or as n-1 line breaks. */
function foldAt(source: string, at: number, stretch: Stretch): { value: string; end: number } | null {
  const code = source[at];
  if (code !== ' ' && code !== '\t' && code !== '\n' && code !== '\r') return null;
  let end = at;
  let lines = 0;
  while (end < stretch.to && /[ \t\r\n]/.test(source[end] ?? '')) {
    if (source[end] === '\n') lines += 1;
    end += 1;
  }
  if (lines === 0) return null;
  return { value: lines === 1 ? ' ' : '\n'.repeat(lines - 1), end };
}

function escapeAt(source: string, at: number): { end: number; units: number } {
  const letter = source[at + 1];
  const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (digits > 0) {
    const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
    return { end: at + 2 + digits, units: code > 0xffff ? 2 : 1 };
  }
  if (letter === '\n' || letter === '\r') {
    const rest = /^\\\r?\n[ \t]*/.exec(source.slice(at, at + 10_000));
    return { end: at + (rest?.[0].length ?? 2), units: 0 };
  }
  return { end: at + 2, units: 1 };
}

/**
 * A block is matched line by line: each line with text stands in the value without its indentation, and what lies
 * between two of them is the line breaks, folded or not.
 */
function matchBlock({ source, offset }: ScalarSource, value: string): Offsets | null {
  const starts: number[] = [];
  const ends: number[] = [];
  const push = (from: number, to: number): void => {
    starts.push(offset + from);
    ends.push(offset + to);
  };
  const indent = blockIndent(source, value);
  let breakStart = 0;
  let lineStart = 0;
  while (lineStart < source.length) {
    const newline = source.indexOf('\n', lineStart);
    const lineEnd = newline === -1 ? source.length : newline;
    const contentEnd = source[lineEnd - 1] === '\r' && lineEnd > lineStart ? lineEnd - 1 : lineEnd;
    const contentStart = Math.min(lineStart + indent, contentEnd);
    const content = source.slice(contentStart, contentEnd);
    if (/[^ ]/.test(content)) {
      while (!value.startsWith(content, starts.length)) {
        const separator = value[starts.length];
        if (separator !== ' ' && separator !== '\n') return null;
        push(breakStart, contentStart);
      }
      for (let unit = contentStart; unit < contentEnd; unit += 1) push(unit, unit + 1);
      breakStart = contentEnd;
    }
    lineStart = lineEnd + 1;
  }
  while (starts.length < value.length) {
    if (!/[ \n]/.test(value[starts.length] ?? '')) return null;
    push(breakStart, source.length);
  }
  return { starts, ends };
}

/** How many columns of the source are not in the value, by the first line that has text. */
function blockIndent(source: string, value: string): number {
  const inSource = /^( *)[^ \r\n]/m.exec(source)?.[1]?.length ?? 0;
  const inValue = /^( *)[^ \n]/m.exec(value)?.[1]?.length ?? 0;
  return Math.max(0, inSource - inValue);
}
