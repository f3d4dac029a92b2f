import { Failure } from '../core/failure.ts';

const plain = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * A text as one word of POSIX shell text, whatever it holds: `it's` becomes `'it'\''s'`. Words of harmless characters
 * stay as they are. @throws Failure HAPB5070 when the text holds a NUL byte, which no shell can carry
 */
export function quote(text: string): string {
  if (plain.test(text)) return text;
  return quoteAlways(text);
}

/** As `quote`, with the quotes even where they are not needed. @throws Failure HAPB5070 */
export function quoteAlways(text: string): string {
  if (text.includes('\0')) {
    throw new Failure({
      code: 'HAPB5070',
      message: 'a text with a NUL byte cannot be passed to a shell',
      hint: 'Remove the NUL byte; to put binary data into a file use copy_file with `src:` instead of `content:`.',
    });
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
