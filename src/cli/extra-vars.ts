import { usageFailure } from './usage.ts';

/** One `-e` as it was meant; files and data are parsed where variables are. */
export type ExtraVars =
  | { readonly kind: 'file'; readonly path: string }
  /** A YAML or JSON map in the argument itself. */
  | { readonly kind: 'data'; readonly text: string }
  /** `k=v k2=v2`: values are always strings. */
  | { readonly kind: 'pairs'; readonly values: Readonly<Record<string, string>> };

/** Understands one `-e` argument by Ansible's rules. @throws Failure HAPB8003 */
export function parseExtraVars(argument: string): ExtraVars {
  const text = argument.trim();
  if (text.startsWith('@')) return { kind: 'file', path: text.slice(1) };
  if (text.startsWith('{') || text.startsWith('[')) return { kind: 'data', text };
  const values: Record<string, string> = {};
  for (const word of splitWords(text)) {
    const equals = word.indexOf('=');
    if (equals < 1) throw wrongPair(word, text);
    Object.defineProperty(values, word.slice(0, equals), {
      value: word.slice(equals + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return { kind: 'pairs', values };
}

function wrongPair(word: string, text: string): Error {
  const isPath = /^[./~]|\.(ya?ml|json)$/.test(text);
  return usageFailure(
    'HAPB8003',
    `-e takes name=value, a map in braces, or @FILE; '${word}' is none of them`,
    isPath ? `write -e @${text} to read variables from the file` : 'write for example -e version=1.2',
  );
}

/** Splits at spaces outside of quotes; quotes go, a backslash keeps the next character (inside `'…'` it is itself). */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\' && quote !== "'" && index + 1 < text.length) {
      index += 1;
      word = (word ?? '') + text.charAt(index);
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) {
    throw usageFailure('HAPB8003', `-e has a quote ${quote} that is not closed: ${text}`, 'close the quote');
  }
  return word === null ? words : [...words, word];
}
