/** How `wrapped` breaks lines. */
export interface Wrapping {
  readonly width: number;
  /** Whether words longer than a line are cut. */
  readonly longWords: 'cut' | 'kept';
  /** Whether a line may end behind a hyphen. */
  readonly hyphens: 'break' | 'stay';
}

/** Words and the white space between them; a word also ends behind a hyphen between letters. */
const hyphenated = /\s+|\S+?(?:-(?:(?<=\p{L}{2}-)|(?<=\p{L}-\p{L}-))(?=\p{L}-?\p{L})|(?=\s|$))/gu;

/** The text in lines of at most `width` signs, as Python's textwrap breaks them. */
export function wrapped(input: string, look: Wrapping): readonly string[] {
  const rest: string[] = [...(input.match(look.hyphens === 'break' ? hyphenated : /\s+|\S+/g) ?? [])];
  const lines: string[] = [];
  while (rest.length > 0) {
    if (lines.length > 0 && rest[0]?.trim() === '') rest.shift();
    let line = '';
    while (rest.length > 0 && line.length + (rest[0] ?? '').length <= look.width) line += rest.shift() ?? '';
    const long = rest[0] ?? '';
    let end = long.length;
    if (long.length > look.width && (look.longWords === 'cut' || line === '')) {
      if (look.longWords === 'cut') end = cutAt(long, look.width - line.length, look);
      line += long.slice(0, end);
      rest.splice(0, 1, ...[long.slice(end)].filter((part) => part !== ''));
    }
    // A cut behind no letter leaves the blank before it, as in Python.
    if (line.trim() !== '') lines.push(end === 0 ? line : line.trimEnd());
  }
  return lines;
}

function cutAt(word: string, room: number, { hyphens }: Wrapping): number {
  const hyphen = hyphens === 'break' ? word.lastIndexOf('-', room - 1) : -1;
  return hyphen > 0 && /[^-]/.test(word.slice(0, hyphen)) ? hyphen + 1 : room;
}
