import type { Value } from '../core/value.ts';
import { textOf } from './arguments.ts';

/** Splits as Python does: at white space when there is no separator. At most `limit` cuts, -1 for all. */
export function splitText(input: string, separator: Value, limit: number): readonly string[] {
  if (separator === null) {
    const parts: string[] = [];
    let rest = input.trimStart();
    while (rest !== '' && (limit < 0 || parts.length < limit)) {
      const part = /^\S+/.exec(rest)?.[0] ?? '';
      parts.push(part);
      rest = rest.slice(part.length).trimStart();
    }
    return rest === '' ? parts : [...parts, rest];
  }
  const mark = textOf(separator);
  const parts = input.split(mark);
  return limit < 0 || parts.length <= limit + 1
    ? parts
    : [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

/** Splits from the end. */
export function splitFromEnd(input: string, separator: Value, limit: number): readonly string[] {
  if (limit < 0) return splitText(input, separator, -1);
  const backwards = (text: string) => [...text].reverse().join('');
  const mark = separator === null ? null : backwards(textOf(separator));
  return splitText(backwards(input), mark, limit).map(backwards).reverse();
}

/** The text without these characters, or white space, at one or both ends. */
export function trimmed(
  input: string,
  characters: Value | undefined,
  side: 'both' | 'left' | 'right',
): string {
  const set = characters === undefined || characters === null ? null : new Set(textOf(characters));
  const goes = (character: string) => (set === null ? character.trim() === '' : set.has(character));
  const all = [...input];
  let [from, to] = [0, all.length];
  if (side !== 'right') while (from < to && goes(all[from] ?? '')) from += 1;
  if (side !== 'left') while (to > from && goes(all[to - 1] ?? '')) to -= 1;
  return all.slice(from, to).join('');
}

/** The text with the first `limit` places of a text replaced, -1 for all. */
export function replaced(input: string, [old, fresh]: readonly [string, string], limit: number): string {
  if (limit < 0) return input.replaceAll(old, () => fresh);
  const parts = splitText(input, old, limit);
  return parts.join(fresh);
}

/** First letter large, the others small. */
export function capitalized(input: string): string {
  const [first = '', ...rest] = input;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Each word capitalised; words end at white space, hyphens and opening brackets. */
export function titled(input: string): string {
  return input.replace(/[^-\s({[<]+/g, capitalized);
}

/** The text in the middle of `width` signs; of an odd number of them more stand where Python puts them. */
export function centred(input: string, width: number, sign: string): string {
  const missing = Math.max(0, width - input.length);
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return sign.repeat(left) + input + sign.repeat(missing - left);
}
