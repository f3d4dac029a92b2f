import { Failure } from '../../core/failure.ts';

/** Splits a command line into words as a POSIX shell quotes them, expanding nothing. @throws Failure HAPB6012 on an open quote */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (sign === "'") {
      const end = closing(line, at, "'");
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else if (sign === '"') {
      const end = closing(line, at, '"');
      word = (word ?? '') + line.slice(at + 1, end).replace(/\\(["\\$`])/g, '$1');
      at = end;
    } else if (sign === '\\' && at + 1 < line.length) {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else {
      word = (word ?? '') + sign;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

function closing(line: string, start: number, quote: string): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === '\\') at += 1;
    else if (line[at] === quote) return at;
  }
  throw new Failure({
    code: 'HAPB6012',
    message: `the quote ${quote} in this command line is never closed: ${line}`,
    hint: 'Close the quote, or give the words as a list with `argv:`.',
  });
}
