import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { reveal } from '../core/reveal.ts';
import type { Secret } from '../core/secret.ts';
import type { Envelope } from './envelope.ts';

/** What a password and a salt give: PBKDF2 with HMAC-SHA256, as Ansible's vault divides it. */
export interface DerivedKeys {
  readonly cipherKey: Uint8Array;
  readonly macKey: Uint8Array;
  readonly counter: Uint8Array;
}

const rounds = 10_000;
const keyBytes = 32;
const blockBytes = 16;

/** Length of the salt of new texts, in bytes. */
export const saltBytes = 32;

/** Takes about 15 ms, which is what makes guessing slow. */
export function deriveKeys(password: Secret, salt: Uint8Array): DerivedKeys {
  const bytes = pbkdf2Sync(reveal(password), salt, rounds, 2 * keyBytes + blockBytes, 'sha256');
  return {
    cipherKey: bytes.subarray(0, keyBytes),
    macKey: bytes.subarray(keyBytes, 2 * keyBytes),
    counter: bytes.subarray(2 * keyBytes),
  };
}

/** Encrypts with AES-256-CTR after padding to whole blocks (PKCS #7), and signs the result. `salt` must be fresh. */
export function encrypt(
  plain: Uint8Array,
  password: Secret,
  { salt, vaultId }: Pick<Envelope, 'salt' | 'vaultId'>,
): Envelope {
  const keys = deriveKeys(password, salt);
  const padding = blockBytes - (plain.length % blockBytes);
  const cipher = createCipheriv('aes-256-ctr', keys.cipherKey, keys.counter);
  const ciphertext = Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ]);
  return { vaultId, salt, mac: macOf(ciphertext, keys), ciphertext };
}

/**
 * The plain bytes. Nothing is decrypted before the checksum is right, and that is compared in constant time. `null`: the
 * checksum differs, so the password is another one or the text was changed.
 */
export function decrypt(envelope: Envelope, keys: DerivedKeys): Uint8Array | null {
  if (!timingSafeEqual(macOf(envelope.ciphertext, keys), envelope.mac)) return null;
  const decipher = createDecipheriv('aes-256-ctr', keys.cipherKey, keys.counter);
  const padded = Buffer.concat([decipher.update(envelope.ciphertext), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  return padding >= 1 && padding <= blockBytes ? padded.subarray(0, padded.length - padding) : null;
}

function macOf(ciphertext: Uint8Array, { macKey }: DerivedKeys): Uint8Array {
  return createHmac('sha256', macKey).update(ciphertext).digest();
}
