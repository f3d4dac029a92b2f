import { createHash } from 'node:crypto';

/** What a password is hashed with. */
export interface ShaCrypt {
  readonly kind: 'sha256' | 'sha512';
  /** Up to 16 characters of `./0-9A-Za-z`. */
  readonly salt: string;
  /** 1000 to 999999999. */
  readonly rounds: number;
}

/** Without a word on rounds these are meant. */
const usualRounds = 5000;

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The order in which the bytes of a digest are written, three to four characters; the rest follows by itself. */
const orders = { sha256: [0, 10, 20], sha512: [0, 21, 42] } as const;

/** A password's hash as crypt(3) writes it, by the published SHA-crypt algorithm (Ulrich Drepper, 2007). */
export function shaCrypt(password: string, { kind, salt, rounds }: ShaCrypt): string {
  const key = Buffer.from(password);
  const salted = Buffer.from(salt);
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(kind);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const inner = digest(key, salted, key);
  const mixed: Uint8Array[] = [key, salted, stretched(inner, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) mixed.push(bits & 1 ? inner : key);
  let result = digest(...mixed);
  const keys = stretched(digest(Buffer.concat(Array.from(key, () => key))), key.length);
  const count = 16 + (result[0] ?? 0);
  const salts = stretched(digest(Buffer.concat(Array.from({ length: count }, () => salted))), salted.length);
  for (let round = 0; round < rounds; round += 1) {
    const odd = (round & 1) === 1;
    const hash = createHash(kind).update(odd ? keys : result);
    if (round % 3 !== 0) hash.update(salts);
    if (round % 7 !== 0) hash.update(keys);
    result = hash.update(odd ? result : keys).digest();
  }
  const prefix = kind === 'sha512' ? '$6$' : '$5$';
  return `${prefix}${rounds === usualRounds ? '' : `rounds=${rounds}$`}${salt}$${written(result, kind)}`;
}

/** A digest repeated up to a length. */
function stretched(digest: Uint8Array, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

/** Groups of three bytes, each byte's place one further, in a rotation of the three columns. */
function written(digest: Uint8Array, kind: ShaCrypt['kind']): string {
  const order = orders[kind];
  const groups = Math.floor(digest.length / 3);
  const turn = kind === 'sha512' ? 1 : 2;
  let text = '';
  for (let group = 0; group < groups; group += 1) {
    const places = order.map((_, column) => (order[(column + group * turn) % 3] ?? 0) + group);
    text += base64(
      places.map((place) => digest[place] ?? 0),
      4,
    );
  }
  const rest = [...digest.subarray(groups * 3)].reverse();
  return text + base64([...Array.from({ length: 3 - rest.length }, () => 0), ...rest], rest.length + 1);
}

function base64(bytes: readonly number[], length: number): string {
  let value = bytes.reduce((sum, byte) => (sum << 8) | byte, 0);
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text += alphabet[value & 63] ?? '';
    value >>= 6;
  }
  return text;
}
