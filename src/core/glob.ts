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
      source += setOf(pattern.slice(index + 1, close));
      index = close;
    } else source += letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'su');
}

/** What stands in brackets. A range that ends before it begins, as in [z-a], holds nothing, as in Python's fnmatch. */
function setOf(inside: string): string {
  const letters = inside.startsWith('!') ? inside.slice(1) : inside;
  const plain = (letter: string): string => letter.replace(/[\\\]^-]/, '\\$&');
  const set = letters.replace(/(.)-(.)|(.)/gsu, (_, from: string, to: string, one?: string) => {
    if (one !== undefined) return plain(one);
    return (from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0) ? '' : `${plain(from)}-${plain(to)}`;
  });
  return letters === inside ? `[${set}]` : `[^${set}]`;
}
