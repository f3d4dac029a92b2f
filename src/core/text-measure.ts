import { createHash } from 'node:crypto';
import { reveal } from './reveal.ts';
import { Secret, type Text } from './secret.ts';

/** SHA-256 of a text's UTF-8 bytes (or of bytes) as lower-case hex. A hash of a secret must not be shown either: a short one can be guessed. */
export function sha256Of(content: Text | Uint8Array): string {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(reveal(content), 'utf8');
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-1 of the same, which Ansible registers as `checksum`. */
export function sha1Of(content: Text | Uint8Array): string {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(reveal(content), 'utf8');
  return createHash('sha1').update(bytes).digest('hex');
}

/** MD5 of the same, which Ansible registers as `md5sum`; `null` where this machine's rules forbid it (FIPS). */
export function md5Of(content: Text | Uint8Array): string | null {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(reveal(content), 'utf8');
  try {
    return createHash('md5').update(bytes).digest('hex');
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
