import { type Quoting, withEscapes } from './scalar.ts';

/** How a scalar is written; `column`: where its further lines begin, `split`: whether there may be any. */
export interface ScalarLook {
  readonly quoting: Quoting;
  readonly column: number;
  readonly split: boolean;
}

/** Written text with the state of its last line, on which the next part depends. */
export interface Line {
  text(): string;
  /** Whether only indicators and blanks stand on the line. */
  isIndention(): boolean;
  /** Whether the line is longer than the width. */
  isFull(): boolean;
  /** Goes to a column: on a new line unless only indicators stand before it. */
  indent(column: number): void;
  /** Writes `-`, `?`, `:` and the like. `spaced`: a blank before it where there is none. */
  indicator(text: string, how: 'spaced' | 'glued', after?: 'indention' | 'blank'): void;
  /** Writes a scalar, broken at blanks where it may be. */
  scalar(text: string, look: ScalarLook): void;
}

const marks: Readonly<Record<Quoting, string>> = { plain: '', single: "'", double: '"' };

/** An empty text; lines are broken behind `width`. */
export function emptyLine(width: number): Line {
  let written = '';
  let column = 0;
  let blank = true;
  let indention = true;

  const put = (text: string) => {
    written += text;
    const lineBreak = text.lastIndexOf('\n');
    column = lineBreak === -1 ? column + text.length : text.length - lineBreak - 1;
  };
  const indent = (target: number) => {
    if (!indention || column > target || (column === target && !blank)) put('\n');
    if (column < target) put(' '.repeat(target - column));
    blank = true;
    indention = true;
  };
  const indicator: Line['indicator'] = (text, how, after) => {
    put(blank || how === 'glued' ? text : ` ${text}`);
    blank = after === 'blank';
    indention &&= after === 'indention';
  };
  const word = (text: string) => {
    put(text);
    blank = false;
    indention = false;
  };
  /** A run of blanks; one of them may become a line break. */
  const blanks = (run: string, { quoting, column: further, split }: ScalarLook) => {
    const breaks = split && column > width && (run.length === 1 || quoting === 'double');
    if (breaks) indent(further);
    if (!breaks) word(run);
    else if (run.length > 1) word(`\\${run.slice(1)}`);
  };
  return {
    text: () => written,
    isIndention: () => indention,
    isFull: () => column > width,
    indent,
    indicator,
    scalar(text, look) {
      const mark = marks[look.quoting];
      indicator(mark, 'spaced');
      const parts = text.match(look.quoting === 'double' ? / +|[^ ]+/g : / +|\n+|[^ \n]+/g) ?? [];
      for (const [index, part] of parts.entries()) {
        const inside = index > 0 && index < parts.length - 1;
        if (part.startsWith(' ') && inside) blanks(part, look);
        else if (look.quoting === 'double') word(withEscapes(part));
        else if (part.startsWith('\n')) {
          put('\n'.repeat(part.length + 1));
          indention = true;
          indent(look.column);
        } else word(look.quoting === 'single' ? part.replaceAll("'", "''") : part);
      }
      if (mark !== '') indicator(mark, 'glued');
    },
  };
}
