import { createHash } from 'node:crypto';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import type { Value } from '../core/value.ts';

/** The same text for the same names and values, secrets too, and one that tells nothing of them. */
export function fingerprint(values: readonly (readonly [string, Value | undefined])[]): string {
  const hash = createHash('sha256');
  for (const [name, value] of values) {
    hash.update(JSON.stringify([name, value instanceof Secret ? reveal(value) : value]));
  }
  return hash.digest('base64url');
}
