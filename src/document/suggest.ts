import { nearest } from '../core/nearest.ts';

/** The known name that `word` was most likely meant to be, or `null`; a swap of neighbours counts as one slip. */
export function suggest(word: string, names: Iterable<string>): string | null {
  return nearest(word, names);
}

/** "did you mean" for a hint: `Did you mean \`x\`?`, or the first `limit` known names when nothing is near. */
export function suggestion(word: string, names: readonly string[], limit = 20): string {
  const near = suggest(word, names);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (names.length === 0) return 'Remove it.';
  const shown = [...names].slice(0, limit).join(', ');
  return `Known are: ${shown}${names.length > limit ? ', …' : ''}.`;
}
