/** One word of `k=v k2="a b"` text, with its quotes, and where it stands in it. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A quote in it is not closed. */
  readonly open?: true;
}

/** Splits at blanks outside quotes and outside `{{ }}`, as Ansible splits free-form arguments; quotes are kept. */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let start = -1;
  let quote = '';
  let depth = 0;
  for (let index = 0; index <= text.length; index++) {
    const char = text[index] ?? ' ';
    const outside = quote === '' && depth === 0;
    if (outside && /\s/.test(char)) {
      if (start !== -1) words.push({ text: text.slice(start, index), start, end: index });
      start = -1;
      continue;
    }
    if (start === -1) start = index;
    if (index === text.length) {
      words.push({ text: text.slice(start), start, end: index, ...(quote === '' ? {} : { open: true }) });
    } else if (text.startsWith('{{', index)) depth++;
    else if (text.startsWith('}}', index) && depth > 0) depth--;
    else if (depth > 0 || text[index - 1] === '\\') continue;
    else if (quote === char) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
  }
  return words;
}

/** A text, and for each of its characters where it stood in the text that it was made from; one more for the end. */
export interface Decoded {
  readonly text: string;
  readonly places: readonly number[];
}

const escapes = /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\\'"abfnrtv]))/g;

const single: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Fills in Python's escapes (`\n`, `\x41`, `\u00e9`, `\"`, …), as Ansible does in `k=v`; others stay as they are. */
export function decodeEscapes(text: string): Decoded {
  let decoded = '';
  const places: number[] = [];
  const add = (part: string, from: number, step: number): void => {
    for (let at = 0; at < part.length; at++) places.push(from + at * step);
    decoded += part;
  };
  let from = 0;
  for (const match of text.matchAll(escapes)) {
    const [all, eight, four, two, letter = ''] = match;
    const code = eight ?? four ?? two;
    add(text.slice(from, match.index), from, 1);
    add(code === undefined ? (single[letter] ?? letter) : characterOf(code, all), match.index, 0);
    from = match.index + all.length;
  }
  add(text.slice(from), from, 1);
  return { text: decoded, places: [...places, text.length] };
}

function characterOf(code: string, written: string): string {
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : written;
}

/** Whether a value stands in quotes, which are no part of it. */
export function isQuoted(value: string): boolean {
  const [first = ''] = value;
  return value.length > 1 && /['"]/.test(first) && value.endsWith(first) && value.at(-2) !== '\\';
}

/** The words of `a=1 b="two words"`, with their escapes filled in and the quotes around their values removed. */
export function splitKeyValues(text: string): readonly string[] {
  return splitWords(text).map((word) => {
    const decoded = decodeEscapes(word.text).text;
    const from = decoded.indexOf('=') + 1;
    const value = decoded.slice(from).trim();
    return decoded.slice(0, from) + (from > 0 && isQuoted(value) ? value.slice(1, -1) : value);
  });
}
