/** Some of the items, the same ones for the same seed, in their order. */
export function sample<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  let state = seed >>> 0 || 1;
  const random = (): number => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const ranks = items.map((item, index) => ({ item, index, rank: random() }));
  return ranks
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}
