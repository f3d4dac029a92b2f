/** Splits a string into words as a shell does with quotes and backslashes, without expanding anything. An open quote ends at the end. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted: '"' | "'" | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\' && quoted !== "'" && index + 1 < text.length) {
      index += 1;
      word = (word ?? '') + text.charAt(index);
    } else if (quoted !== null) {
      if (char === quoted) quoted = null;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quoted = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}
