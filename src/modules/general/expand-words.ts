/** A word of a command line that names a variable of the environment, or a home. */
function needsShell(word: string): boolean {
  return /\$(?:[A-Za-z_]|\{[A-Za-z_]\w*\})/.test(word) || homeOf(word) !== null;
}

function homeOf(word: string): string | null {
  return /^~[a-z_][\w-]*(?=\/|$)|^~(?=\/|$)/i.exec(word)?.[0] ?? null;
}

/**
 * The words as shell text that expands in them what Python's `expandvars` and `expanduser` expand, and nothing else: a
 * variable that is not set stays as it is written. `null`: there is nothing to expand.
 */
export function expandedWords(words: readonly string[]): string | null {
  return words.some(needsShell) ? words.map(shellWord).join(' ') : null;
}

function shellWord(word: string): string {
  const home = homeOf(word);
  // The shell expands a name after a tilde only where no quote comes before the slash.
  const named = home === null || home === '~' ? null : word.startsWith(`${home}/`) ? `${home}/` : home;
  let made = home === '~' ? '"${HOME-~}"' : (named ?? '');
  let from = (named ?? home ?? '').length;
  for (const match of word.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)) {
    if (match.index < from) continue;
    const name = match[1] ?? match[2] ?? '';
    const unset = match[1] === undefined ? `\\\${${name}\\}` : `\\$${name}`;
    made += `${quoted(word.slice(from, match.index))}"\${${name}-${unset}}"`;
    from = match.index + match[0].length;
  }
  const rest = quoted(word.slice(from));
  return made + rest === '' ? "''" : made + rest;
}

function quoted(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", "'\\''")}'`;
}
