/** A pattern for `grep -E`. */
export interface GrepPattern {
  readonly pattern: string;
  readonly flags: readonly string[];
}

const classes: Readonly<Record<string, string>> = { d: '0-9', s: '[:space:]', w: '[:alnum:]_' };

/**
 * A pattern in Python's notation as an extended regular expression of POSIX that finds the same lines; `null` where it
 * needs what those cannot say. Lazy quantifiers become plain ones, which decides nothing about whether a line matches.
 */
export function grepPattern(source: string): GrepPattern | null {
  const ignoreCase = source.startsWith('(?i)');
  const text = ignoreCase ? source.slice(4) : source;
  let made = '';
  for (let at = 0; at < text.length; ) {
    const piece = text[at] === '[' ? bracket(text, at) : single(text, at);
    if (piece === null) return null;
    made += piece.made;
    at = piece.next;
  }
  return { pattern: made, flags: ignoreCase ? ['-i'] : [] };
}

interface Piece {
  readonly made: string;
  readonly next: number;
}

function single(text: string, at: number): Piece | null {
  const rest = text.slice(at);
  const letter = text[at] ?? '';
  if (letter === '\\') return escaped(text[at + 1] ?? '', at + 2);
  const group = /^\(\?(?::|P<\w+>)/.exec(rest);
  if (group !== null) return { made: '(', next: at + group[0].length };
  if (rest.startsWith('(?')) return null;
  const quantifier = /^(?:[*+?]|\{\d*,?\d*\})(\?|\+)?/.exec(rest);
  if (quantifier !== null && /^(?:[*+?]|\{(?:\d+,?\d*|,\d+)\})/.test(rest)) {
    if (quantifier[1] === '+') return null;
    const kept = quantifier[1] === undefined ? quantifier[0] : quantifier[0].slice(0, -1);
    return { made: kept.replace('{,', '{0,'), next: at + quantifier[0].length };
  }
  if (letter === '{' || letter === '}') return { made: `\\${letter}`, next: at + 1 };
  return { made: letter, next: at + 1 };
}

function escaped(letter: string, next: number): Piece | null {
  const inside = classes[letter.toLowerCase()];
  if (inside !== undefined) return { made: `[${letter in classes ? '' : '^'}${inside}]`, next };
  if (letter === 't') return { made: '\t', next };
  if (letter === 'A') return { made: '^', next };
  if (letter === 'Z' || letter === 'z') return { made: '$', next };
  if (letter === '' || /[a-zA-Z0-9]/.test(letter)) return null;
  return { made: /[.^$*+?()[\]{}|\\]/.test(letter) ? `\\${letter}` : letter, next };
}

/** A class: POSIX has no escapes in it, so `]`, `^`, `-` get the places where they mean themselves. */
function bracket(text: string, start: number): Piece | null {
  let at = start + 1;
  const negated = text[at] === '^';
  if (negated) at += 1;
  let inside = '';
  let closing = '';
  let hyphen = '';
  for (let first = true; text[at] !== ']' || first; first = false) {
    const letter = text[at];
    if (letter === undefined) return null;
    if (letter === ']') closing = ']';
    else if (letter !== '\\') inside += letter;
    else {
      at += 1;
      const named = text[at] ?? '';
      if (named === ']') closing = ']';
      else if (named === '-') hyphen = '-';
      else if (named in classes) inside += classes[named] ?? '';
      else if (named === 't') inside += '\t';
      else if (named === '' || /[a-zA-Z0-9]/.test(named)) return null;
      else inside += named;
    }
    at += 1;
  }
  const caret = !negated && closing === '' && inside.startsWith('^');
  const body = caret ? `${inside.slice(1)}^` : inside;
  return { made: `[${negated ? '^' : ''}${closing}${body}${hyphen}]`, next: at + 1 };
}
