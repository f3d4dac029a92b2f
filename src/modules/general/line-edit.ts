import { filled, type Match, matches, pattern } from '../../expression/pattern.ts';
import { joinLines, splitLines } from './text-file.ts';

/** A wish for one line of a text. */
export interface LineWish {
  readonly line: string | null;
  /** Which line is meant: a pattern, a plain text in it, or the line itself. */
  readonly regexp: string | null;
  readonly search: string | null;
  readonly state: 'present' | 'absent';
  readonly backrefs: 'use' | 'plain';
  readonly place: LinePlace;
  readonly pick: 'first' | 'last';
}

/** Where a new line goes. `at`: a pattern, `EOF` or `BOF`. */
export interface LinePlace {
  readonly side: 'after' | 'before';
  readonly at: string;
}

/** The text after the wish. A pattern is searched for anywhere in a line. */
export function editLine(text: string, wish: LineWish): string {
  const { lines, newline } = splitLines(text);
  const edited = wish.state === 'absent' ? without(lines, wish) : withLine(lines, wish);
  const same = edited.length === lines.length && edited.every((line, index) => line === lines[index]);
  return same ? text : joinLines(edited, newline);
}

function without(lines: readonly string[], wish: LineWish): readonly string[] {
  return lines.filter((line) => {
    if (wish.regexp !== null || wish.search !== null) return find(line, wish) === null;
    return line !== wish.line;
  });
}

function withLine(lines: readonly string[], wish: LineWish): readonly string[] {
  const line = wish.line ?? '';
  const hits = lines.flatMap((each, index) => {
    const match = find(each, wish);
    return match === null ? [] : [{ index, match }];
  });
  const hit = wish.pick === 'first' ? hits[0] : hits.at(-1);
  if (hit !== undefined) {
    const wanted = wish.backrefs === 'use' && hit.match !== 'text' ? filled(line, hit.match) : line;
    return lines.map((each, index) => (index === hit.index ? wanted : each));
  }
  if (wish.backrefs === 'use' || lines.includes(line)) return lines;
  const at = placeOf(lines, wish);
  return [...lines.slice(0, at), line, ...lines.slice(at)];
}

function find(line: string, wish: LineWish): Match | 'text' | null {
  if (wish.search !== null) return line.includes(wish.search) ? 'text' : null;
  return wish.regexp === null ? null : firstMatch(wish.regexp, line);
}

function firstMatch(regexp: string, line: string): Match | null {
  return matches(pattern(regexp, { ignoreCase: false, multiline: false }), line, 1)[0] ?? null;
}

/** The index at which a new line stands: by the last line that fits the place's pattern (the first with `pick`), else the end. */
export function placeOf(lines: readonly string[], wish: Pick<LineWish, 'place' | 'pick'>): number {
  const { side, at } = wish.place;
  if (at === 'EOF') return lines.length;
  if (at === 'BOF') return 0;
  const indexes = lines.flatMap((line, index) => (firstMatch(at, line) === null ? [] : [index]));
  const found = wish.pick === 'first' ? indexes[0] : indexes.at(-1);
  if (found === undefined) return lines.length;
  return side === 'after' ? found + 1 : found;
}
