/** Whether a pattern is a glob rather than a name. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** A glob as a regular expression for whole names: `*`, `?`, `[abc]`, `[!abc]`. Runs of `*` count once, so it stays fast. */
export function globExpression(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const letter = pattern[index] ?? '';
    if (letter === '*') {
      if (pattern[index - 1] !== '*') source += '.*';
      continue;
    }
    const close = letter === '[' ? pattern.indexOf(']', index + 2) : -1;
    if (letter === '?') source += '.';
    else if (close !== -1) {
      // A range that ends before it begins, as in [z-a], holds nothing, as in Python's fnmatch.
      const inside = pattern
        .slice(index + 1, close)
        .replace(/(.)-(.)/gsu, (range, from: string, to: string) =>
          (from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0) ? '' : range,
        )
        .replace(/[\\\]^]/g, '\\$&');
      source += inside.startsWith('!') ? `[^${inside.slice(1)}]` : `[${inside}]`;
      index = close;
    } else source += letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'su');
}
