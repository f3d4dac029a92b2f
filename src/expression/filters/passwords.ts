import { randomInt } from 'node:crypto';
import { numberArgument, textArgument } from '../arguments.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { type ShaCrypt, shaCrypt } from '../sha-crypt.ts';
import { wants } from './text.ts';

/** passlib's rounds where none are named. */
const rounds = { sha256: 535_000, sha512: 656_000 } as const;

const saltLetters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Hashes of passwords, as the account files keep them. */
export const passwordFilters: Table<Filter> = {
  password_hash: {
    parameters: ['hashtype?', 'salt?', 'salt_size?', 'rounds?', 'ident?'],
    reads: 'content',
    byChance: (args) => textArgument(args, 1) === '',
    run: (input, args) => {
      if (typeof input !== 'string') return wants('password_hash', 'a text', input);
      return hashed(input, wayOf(args));
    },
  },
};

/** The hash of a password as account files keep it; without a salt one of `saltSize` characters is drawn. @throws Failure */
export function hashedPassword(
  password: string,
  { kind, salt, saltSize }: { readonly kind: string; readonly salt: string; readonly saltSize: number },
): string {
  return hashed(password, wayOf([kind, salt, saltSize]));
}

const made = new Map<string, string>();

/** A hash takes about a second, and each host of a play asks for the same. */
function hashed(password: string, way: ShaCrypt): string {
  const key = JSON.stringify([password, way]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const hash = shaCrypt(password, way);
  if (made.size >= 1000) made.clear();
  made.set(key, hash);
  return hash;
}

function wayOf(args: Bound): ShaCrypt {
  const written = textArgument(args, 0, 'sha512');
  const kind = written.replace(/_crypt$/, '');
  if (kind !== 'sha512' && kind !== 'sha256')
    return fail(
      codes.filterFailed,
      `'password_hash' knows sha512 and sha256, not ${written}`,
      'Use sha512, which every system takes.',
    );
  const count = numberArgument(args, 3, 0) || rounds[kind];
  if (!Number.isInteger(count) || count < 1000 || count > 999_999_999)
    return fail(
      codes.filterFailed,
      `'password_hash' takes 1000 to 999999999 rounds, not ${count}`,
      'Leave rounds out, or take 5000, which other tools take.',
    );
  return { kind, rounds: count, salt: saltOf(args) };
}

function saltOf(args: Bound): string {
  const given = textArgument(args, 1);
  const size = numberArgument(args, 2, 0) || 16;
  if (!/^[./0-9A-Za-z]{0,16}$/.test(given) || size > 16 || size < 1)
    return fail(
      codes.filterFailed,
      "the salt of 'password_hash' has at most 16 letters, digits, dots and slashes",
      'Keep a salt of that form in a variable; without one every run makes another hash.',
    );
  if (given !== '') return given;
  return Array.from({ length: size }, () => saltLetters[randomInt(64)]).join('');
}
