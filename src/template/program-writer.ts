import type { Program, Slot } from './program.ts';
import type { Trim } from './segment.ts';

/** Writes a Handlebars program piece by piece. */
export interface ProgramWriter {
  /** Text that is to come out as it is. */
  text(text: string): void;
  /** A mustache of Handlebars' own notation, without its braces. */
  mustache(inner: string, trim: Trim): void;
  /** Adds a place that is computed; the call that stands for it in the program. */
  slot(slot: Slot): string;
  finish(): Program;
}

const plain: Trim = { trimBefore: false, trimAfter: false };

/** An empty program to write to. */
export function programWriter(): ProgramWriter {
  const slots: (Slot | string)[] = [];
  const pieces: string[] = [];
  let pending = '';
  const endsWith = (end: string) => pieces.at(-1)?.endsWith(end) ?? false;
  const write = (piece: string) => {
    if (piece !== '') pieces.push(piece);
  };

  const add = (slot: Slot | string): string => {
    slots.push(slot);
    return `__hapb ${slots.length - 1}`;
  };

  const braces = (inner: string, { trimBefore, trimAfter }: Trim) => {
    // To Handlebars one backslash before braces means "no mustache" and two mean one and a mustache.
    if (endsWith('\\')) write('\\');
    write(`{{${trimBefore ? '~' : ''}${inner}${trimAfter ? '~' : ''}}}`);
  };

  /** Braces of the text that Handlebars would read as its own, and NUL, which it cannot, become computed places. */
  const flush = (next: 'mustache' | 'end') => {
    const own = next === 'mustache' ? /(?:\{\{+|\0+)\}*|^\}+|\{$/g : /(?:\{\{+|\0+)\}*|^\}+/g;
    let from = 0;
    for (const match of pending.matchAll(own)) {
      if (match[0].startsWith('}') && !endsWith('}}')) continue;
      write(pending.slice(from, match.index));
      braces(add(match[0]), plain);
      from = match.index + match[0].length;
    }
    write(pending.slice(from));
    pending = '';
  };

  return {
    text: (text) => {
      pending += text;
    },
    mustache: (inner, trim) => {
      flush('mustache');
      braces(inner, trim);
    },
    slot: add,
    finish: () => {
      flush('end');
      return { source: pieces.join(''), slots };
    },
  };
}
