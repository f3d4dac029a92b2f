import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../../src/core/secret.ts';
import { encrypt } from '../../../src/vault/cipher.ts';
import { writeEnvelope } from '../../../src/vault/envelope.ts';

/** Stands in every planted secret, so that one search finds them all, however they are quoted. */
const mark = 'PLANTED';

/** A secret of that number, with what shells, URLs, YAML, JSON and HTML treat in their own way. */
export function planted(number: number): string {
  return `x${number} ${mark}${String(number).padStart(2, '0')} $HO'ME"é/+&<b>\\`;
}

/** A secret of that number for programs that take no blanks and quotes, such as passwords on a prompt. */
export function plantedWord(number: number): string {
  return `w${mark}${String(number).padStart(2, '0')}-%z`;
}

/** The mark as it is, and in base64 at each of its three alignments, and in hexadecimal: what must be nowhere. */
export const planting = [
  mark,
  ...[0, 1, 2].map((before) => {
    const encoded = Buffer.from('a'.repeat(before) + mark).toString('base64');
    const first = Math.ceil((before * 8) / 6);
    return encoded.slice(first, Math.floor(((before + mark.length) * 8) / 6));
  }),
  Buffer.from(mark).toString('hex'),
];

/** Where a secret stands in a text, with what is around it. */
export function leaksIn(name: string, text: string): readonly string[] {
  return planting.flatMap((form) => {
    const at = text.indexOf(form);
    return at === -1 ? [] : [`${name}: …${text.slice(Math.max(0, at - 150), at + 40)}…`];
  });
}

/** The leaks in all files below a folder, besides those named. */
export function leaksBelow(folder: string, besides: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name);
    if (besides.includes(name) || !statSync(path).isFile()) return [];
    return leaksIn(name, readFileSync(path, 'latin1'));
  });
}

/** A text encrypted as a file or a `!vault` scalar would hold it. */
export function vaulted(text: string, password: string): string {
  const key = new Secret(password, 'vault password');
  return writeEnvelope(
    encrypt(Buffer.from(text), key, { salt: Buffer.alloc(32, text.length), vaultId: null }),
  );
}
