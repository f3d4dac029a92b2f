/**
 * Splits `a=1 b="two words"` at blanks outside quotes, as a shell would: quotes vanish, `\"` inside double quotes and a
 * backslash before a quote or a backslash stand for the character alone; other backslashes stay.
 */
export function splitKeyValues(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] ?? '';
    const next = text[index + 1] ?? '';
    if (letter === '\\' && quote !== "'" && /["'\\ ]/.test(next)) {
      word += next;
      inWord = true;
      index += 1;
    } else if (quote !== null) {
      if (letter === quote) quote = null;
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      inWord = true;
    } else if (/\s/.test(letter)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += letter;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return words;
}
