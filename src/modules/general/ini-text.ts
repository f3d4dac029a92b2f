import { joinLines, splitLines } from './text-file.ts';

/** What `ini_file` is asked for, in the text's terms. */
export interface IniWish {
  /** `null`: what stands before the first section. */
  readonly section: string | null;
  /** Which of several sections of that name: the one that has these. */
  readonly has: readonly IniCondition[];
  /** `null`: the section itself. */
  readonly option: string | null;
  readonly values: readonly string[];
  readonly state: 'present' | 'absent';
  /** Whether other lines of the option go. */
  readonly others: 'go' | 'stay';
  readonly separator: '=' | ' = ';
  /** Whether a line is left that differs only in blanks around the sign. */
  readonly blanks: 'matter' | 'ignored';
  /** Whether an option may have neither sign nor value. */
  readonly bare: 'allowed' | 'refused';
  /** Whether a line behind a comment sign counts as the option. */
  readonly comments: 'taken' | 'left';
}

/** An option with one of some values; with any where there are none. */
export interface IniCondition {
  readonly option: string;
  readonly values: readonly string[];
}

/** The text after the wish, and what was done in Ansible's words. */
export interface IniEdit {
  readonly text: string;
  readonly msg: string;
}

interface Line {
  readonly text: string;
  /** Whether it has got what it is to hold. */
  readonly settled: boolean;
}

/** The text after the wish. */
export function editIni(text: string, wish: IniWish): IniEdit {
  const plain = text.replace(/^\uFEFF/, '');
  const { lines: read, newline, closed } = splitLines(plain);
  // An empty file counts as an empty line, which stays.
  const lines = read.length === 0 ? [''] : read;
  const found = sectionOf(lines, wish);
  const edit = found === null ? withoutSection(lines, wish) : withSection(lines, found, wish);
  if (edit === null) return { text: closed || text === '' ? text : joinLines(lines, newline), msg: 'OK' };
  return { text: joinLines(edit.lines, newline), msg: edit.msg };
}

interface Edited {
  readonly lines: readonly string[];
  readonly msg: string;
}

interface Place {
  /** Of the first line behind the heading. */
  readonly start: number;
  readonly end: number;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function isHeading(line: string): boolean {
  return line.startsWith('[');
}

function sectionOf(lines: readonly string[], wish: IniWish): Place | null {
  const endFrom = (start: number): number => {
    const next = lines.findIndex((line, index) => index >= start && isHeading(line));
    return next === -1 ? lines.length : next;
  };
  if (wish.section === null) return { start: 0, end: endFrom(0) };
  const heading = new RegExp(`^\\[\\s*${escaped(wish.section.trim())}\\s*\\]`);
  for (const [index, line] of lines.entries()) {
    if (!heading.test(line)) continue;
    const place = { start: index + 1, end: endFrom(index + 1) };
    const inside = lines.slice(place.start, place.end);
    if (wish.has.every((condition) => inside.some((each) => meets(each, condition)))) return place;
  }
  return null;
}

function meets(line: string, { option, values }: IniCondition): boolean {
  const match = optionIn(line, option, 'taken');
  return match !== null && (values.length === 0 || values.includes(match.value));
}

interface OptionLine {
  readonly value: string;
  readonly commented: boolean;
  readonly signed: boolean;
}

function optionIn(line: string, option: string, comments: IniWish['comments']): OptionLine | null {
  const comment = comments === 'taken' ? '([#;]?)[ \\t]*' : '()';
  const match = new RegExp(`^[ \\t]*${comment}${escaped(option)}[ \\t]*(=|$)[ \\t]*(.*)`).exec(line);
  if (match === null) return null;
  return { commented: match[1] !== '', signed: match[2] === '=', value: match[3] ?? '' };
}

function withoutSection(lines: readonly string[], wish: IniWish): Edited | null {
  if (wish.state === 'absent') return null;
  const { option, separator, bare } = wish;
  const line = (name: string, value: string): string => `${name}${separator}${value}`;
  const required = wish.has.flatMap((condition) => {
    if (condition.option === option) return [];
    if (condition.values.length > 0) return condition.values.map((value) => line(condition.option, value));
    return bare === 'allowed' ? [condition.option] : [];
  });
  const own = wish.has.flatMap((condition) =>
    condition.option === option && wish.others === 'stay' ? condition.values : [],
  );
  const values = [...new Set([...wish.values, ...own])];
  const added =
    option === null
      ? []
      : values.length > 0
        ? values.map((value) => line(option, value))
        : bare === 'allowed'
          ? [option]
          : [];
  return {
    lines: [...lines, `[${wish.section ?? ''}]`, ...required, ...added],
    msg: added.length === 0 ? 'only section added' : 'section and option added',
  };
}

function withSection(lines: readonly string[], place: Place, wish: IniWish): Edited | null {
  const before = lines.slice(0, place.start);
  const inside = lines.slice(place.start, place.end);
  const after = lines.slice(place.end);
  const whole = (made: readonly string[]): readonly string[] => [...before, ...made, ...after];
  if (wish.state === 'present') {
    if (wish.option === null) return null;
    const { made, msg } = present(inside, wish, wish.option);
    return msg === 'OK' ? null : { lines: whole(made), msg };
  }
  if (wish.option === null) {
    const kept = wish.section === null ? before : before.slice(0, -1);
    if (kept.length === before.length && inside.length === 0) return null;
    return { lines: [...kept, ...after], msg: 'section removed' };
  }
  const { option, values, others } = wish;
  const kept = inside.filter((line) => {
    const match = optionIn(line, option, 'left');
    return match === null || (others === 'stay' && !values.includes(match.value));
  });
  return kept.length === inside.length ? null : { lines: whole(kept), msg: 'option changed' };
}

function present(
  inside: readonly string[],
  wish: IniWish,
  option: string,
): { readonly made: readonly string[]; readonly msg: string } {
  const { separator, bare, comments } = wish;
  const missing = [...wish.values];
  const lineOf = (value: string): string =>
    value === '' && bare === 'allowed' ? option : `${option}${separator}${value}`;
  let msg = 'OK';
  let hasBare = false;
  let lines: Line[] = inside.map((text) => ({ text, settled: false }));
  const settle = (index: number, text: string): void => {
    const old = lines[index]?.text ?? '';
    const sameValue = optionIn(old, option, 'left')?.value === optionIn(text, option, 'left')?.value;
    const same = old === text || (wish.blanks === 'ignored' && sameValue);
    if (!same) msg = 'option changed';
    lines[index] = { text: same ? old : text, settled: true };
  };
  // Lines that have a wanted value come first, so that they stay where they are.
  for (const [index, { text }] of [...lines.entries()]) {
    const match = optionIn(text, option, comments);
    if (match === null) continue;
    const at = missing.indexOf(match.value);
    if (at !== -1) {
      settle(index, lineOf(match.value));
      if (match.value === '' && bare === 'allowed') hasBare = true;
      missing.splice(at, 1);
    } else if (wish.values.length === 0 && bare === 'allowed') {
      settle(index, option);
      hasBare = true;
      break;
    }
  }
  if (wish.others === 'go' && bare === 'refused') {
    const isOther = ({ text, settled }: Line): boolean => {
      const match = settled ? null : optionIn(text, option, comments);
      return match !== null && !(match.commented && !match.signed);
    };
    for (const [index, line] of [...lines.entries()]) {
      const value = isOther(line) ? missing.shift() : undefined;
      if (value !== undefined) settle(index, lineOf(value));
    }
    const kept = lines.filter((line) => !isOther(line));
    if (kept.length < lines.length) msg = 'option changed';
    lines = kept;
  }
  const added =
    missing.length > 0
      ? missing.map((value) => `${option}${separator}${value}`)
      : wish.values.length === 0 && bare === 'allowed' && !hasBare
        ? [option]
        : [];
  if (added.length === 0) return { made: lines.map(({ text }) => text), msg };
  const texts = lines.map(({ text }) => text);
  const last = texts.findLastIndex((text) => !/^[ \t]*([#;].*)?$/.test(text));
  return { made: [...texts.slice(0, last + 1), ...added, ...texts.slice(last + 1)], msg: 'option added' };
}
