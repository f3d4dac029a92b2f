/** One word of a host line. `text` without quotes; `start` and `end` are its offsets in the line. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a line of an INI inventory as Ansible does (Python's shlex with comments): quotes and backslashes vanish, `#`
 * outside quotes begins a comment even inside a word. `null` when a quote is not closed; the offset of that quote is in
 * `openAt`.
 */
export function shellWords(line: string): {
  readonly words: readonly ShellWord[];
  readonly openAt: number | null;
} {
  const words: ShellWord[] = [];
  let text = '';
  let start = -1;
  let quote: { readonly mark: string; readonly at: number } | null = null;
  const finish = (end: number): void => {
    if (start !== -1) words.push({ text, start, end });
    text = '';
    start = -1;
  };
  let index = 0;
  for (; index < line.length; index += 1) {
    const letter = line[index] ?? '';
    if (quote !== null) {
      const next = line[index + 1] ?? '';
      if (letter === quote.mark) quote = null;
      else if (letter === '\\' && quote.mark === '"' && (next === '"' || next === '\\')) {
        text += next;
        index += 1;
      } else text += letter;
      continue;
    }
    if (/\s/.test(letter)) {
      finish(index);
      continue;
    }
    if (letter === '#') break;
    if (start === -1) start = index;
    if (letter === '"' || letter === "'") quote = { mark: letter, at: index };
    else if (letter === '\\') {
      text += line[index + 1] ?? '';
      index += 1;
    } else text += letter;
  }
  finish(Math.min(index, line.length));
  return { words, openAt: quote?.at ?? null };
}
