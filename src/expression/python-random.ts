import { createHash } from 'node:crypto';

/** A source of chance that gives the same as Python's `random.Random(seed)`: MT19937, Matsumoto and Nishimura 1998. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

const size = 624;
const middle = 397;

/** Seeded as Python seeds: with the number, or with a text and its SHA-512. */
export function seeded(seed: number | string): Random {
  const state = stateOf(typeof seed === 'string' ? wordsOf(bytesOf(seed)) : wordsOf(bytesOfNumber(seed)));
  let index = size;
  const next = (): number => {
    if (index >= size) {
      twist(state);
      index = 0;
    }
    let word = state[index] ?? 0;
    index += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
  const bits = (count: number): number => {
    if (count <= 32) return next() >>> (32 - count);
    const low = next();
    return (next() >>> (64 - count)) * 2 ** 32 + low;
  };
  return {
    below(limit) {
      const count = limit.toString(2).length;
      let value = bits(count);
      while (value >= limit) value = bits(count);
      return value;
    },
  };
}

function bytesOf(seed: string): Uint8Array {
  const text = Buffer.from(seed, 'utf8');
  return Buffer.concat([text, createHash('sha512').update(text).digest()]);
}

function bytesOfNumber(seed: number): Uint8Array {
  const digits = Math.abs(seed).toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
}

/** The 32-bit words of a large number, lowest first. */
function wordsOf(bytes: Uint8Array): readonly number[] {
  const words: number[] = [];
  for (let end = bytes.length; end > 0; end -= 4)
    words.push(bytes.slice(Math.max(0, end - 4), end).reduce((word, byte) => word * 256 + byte, 0));
  while (words.length > 1 && words.at(-1) === 0) words.pop();
  return words;
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}

function stateOf(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = 19_650_218;
  for (let index = 1; index < size; index += 1)
    state[index] = Math.imul(1_812_433_253, mixed(state[index - 1] ?? 0)) + index;
  let place = 1;
  const step = (change: (old: number, before: number) => number) => {
    state[place] = change(state[place] ?? 0, mixed(state[place - 1] ?? 0));
    place += 1;
    if (place < size) return;
    state[0] = state[size - 1] ?? 0;
    place = 1;
  };
  for (let count = 0; count < Math.max(size, key.length); count += 1) {
    const turn = count % key.length;
    step((old, before) => (old ^ Math.imul(before, 1_664_525)) + (key[turn] ?? 0) + turn);
  }
  for (let count = 1; count < size; count += 1) {
    const turn = place;
    step((old, before) => (old ^ Math.imul(before, 1_566_083_941)) - turn);
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let index = 0; index < size; index += 1) {
    const joined = ((state[index] ?? 0) & 0x80000000) | ((state[(index + 1) % size] ?? 0) & 0x7fffffff);
    const odd = joined & 1 ? 0x9908b0df : 0;
    state[index] = (state[(index + middle) % size] ?? 0) ^ (joined >>> 1) ^ odd;
  }
}
