import { createHash } from 'node:crypto';
import { reveal } from './reveal.ts';
import { Secret, type Text } from './secret.ts';

type Algorithm = 'sha256' | 'sha1' | 'md5';

/** Of bytes that many tasks send, such as a large file's, each is worked out once. Contents are values: nobody changes them. */
const known = new WeakMap<Uint8Array, Map<Algorithm, string>>();

function sumOf(algorithm: Algorithm, content: Text | Uint8Array): string {
  if (!(content instanceof Uint8Array))
    return createHash(algorithm).update(reveal(content), 'utf8').digest('hex');
  const sums = known.get(content) ?? new Map<Algorithm, string>();
  known.set(content, sums);
  const sum = sums.get(algorithm) ?? createHash(algorithm).update(content).digest('hex');
  sums.set(algorithm, sum);
  return sum;
}

/** SHA-256 of a text's UTF-8 bytes (or of bytes) as lower-case hex. A hash of a secret must not be shown either: a short one can be guessed. */
export function sha256Of(content: Text | Uint8Array): string {
  return sumOf('sha256', content);
}

/** SHA-1 of the same, which Ansible registers as `checksum`. */
export function sha1Of(content: Text | Uint8Array): string {
  return sumOf('sha1', content);
}

/** MD5 of the same, which Ansible registers as `md5sum`; `null` where this machine's rules forbid it (FIPS). */
export function md5Of(content: Text | Uint8Array): string | null {
  try {
    return sumOf('md5', content);
  } catch {
    return null;
  }
}

/** How many bytes a text takes in UTF-8. */
export function sizeBytesOf(content: Text | Uint8Array): number {
  return content instanceof Uint8Array ? content.byteLength : Buffer.byteLength(reveal(content), 'utf8');
}

/** The text with a newline at its end; a secret stays one. */
export function endWithNewline(text: Text): Text {
  if (reveal(text).endsWith('\n')) return text;
  return text instanceof Secret ? new Secret(`${reveal(text)}\n`, text.label) : `${text}\n`;
}

/** Whether a text has a form. Of a secret it tells no more than that. */
export function fits(text: Text, form: RegExp): boolean {
  return form.test(reveal(text));
}
