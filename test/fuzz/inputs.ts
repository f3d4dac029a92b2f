import fc from 'fast-check';
import type { Target } from './target.ts';

/** The longest input, in bytes. */
const maxBytes = 65_536;

/** One step away from a right input. Places are shares of its length, from 0 to 1. */
type Mutation =
  | { readonly kind: 'insert'; readonly at: number; readonly piece: Buffer }
  | { readonly kind: 'remove'; readonly at: number; readonly length: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'splice'; readonly at: number; readonly other: Buffer; readonly from: number };

/**
 * Inputs for a target: its seeds after some mutations that know its words, soups of its words, and arbitrary bytes. Few are
 * long, made by repeating a piece, as depth and length are what breaks readers.
 */
export function inputsFor({ seeds, words }: Target): fc.Arbitrary<Buffer> {
  const bytes = seeds.map((seed) => Buffer.from(seed as string));
  const seed = fc.constantFrom(...bytes, Buffer.alloc(0));
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const word = fc.constantFrom(...words).map((text) => Buffer.from(text));
  const junk = fc.uint8Array({ maxLength: 4 }).map((array) => Buffer.from(array));
  const piece = fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: junk });
  const short = fc.integer({ min: 1, max: 24 });
  const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, piece }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: place, length: short }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat({ max: 7 }) }),
    },
    { weight: 1, arbitrary: repeat(place, short) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('splice' as const), at: place, other: seed, from: place }),
    },
  );
  const mutated = fc
    .tuple(seed, fc.array(mutation, { maxLength: 8 }))
    .map(([start, mutations]) => mutations.reduce(mutate, start).subarray(0, maxBytes));
  const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.concat(pieces));
  const deep = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.integer({ min: 50, max: 20_000 }))
    .map(([pieces, times]) => repeated(Buffer.concat(pieces), times));
  return fc.oneof(
    { weight: 60, arbitrary: mutated },
    { weight: 36, arbitrary: soup },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)) },
    { weight: 2, arbitrary: deep },
  );
}

function repeat(at: fc.Arbitrary<number>, length: fc.Arbitrary<number>): fc.Arbitrary<Mutation> {
  const times = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 2, max: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 5_000 }) },
  );
  return fc.record({ kind: fc.constant('repeat' as const), at, length, times });
}

function mutate(input: Buffer, mutation: Mutation): Buffer {
  const at = Math.floor(mutation.at * input.length);
  const [before, after] = [input.subarray(0, at), input.subarray(at)];
  switch (mutation.kind) {
    case 'insert':
      return Buffer.concat([before, mutation.piece, after]);
    case 'remove':
      return Buffer.concat([before, after.subarray(mutation.length)]);
    case 'flip': {
      const copy = Buffer.from(input);
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << mutation.bit);
      return copy;
    }
    case 'repeat':
      return Buffer.concat([before, repeated(after.subarray(0, mutation.length), mutation.times), after]);
    case 'splice':
      return Buffer.concat([
        before,
        mutation.other.subarray(Math.floor(mutation.from * mutation.other.length)),
      ]);
  }
}

function repeated(piece: Buffer, times: number): Buffer {
  return Buffer.alloc(Math.min(maxBytes, piece.length * times), piece.length === 0 ? '' : piece);
}
