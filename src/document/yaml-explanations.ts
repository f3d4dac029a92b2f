import { columnsAbove, firstWord, indentOf, lineFrom, lineStart } from './yaml-lines.ts';
import type { Explanation, YamlProblem, YamlSource } from './yaml-problem.ts';

const conditionKey = /(?:^|[\s-])(?:when|until|failed_when|changed_when|that):\s*$/;

/** The problem of a value that begins with `{{` without quotes. `at` is the offset of the braces. */
export function unquotedExpression(text: string, at: number): Explanation {
  const rest = lineFrom(text, at)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const quote = rest.includes('"') ? (rest.includes("'") ? null : "'") : '"';
  const quoted =
    quote === null ? 'Write the value below `>-` on a line of its own.' : `Write ${quote}${rest}${quote}.`;
  const bare = rest.replace(/\{\{((?:(?!\{\{|\}\}).)*)\}\}/g, (_, inner: string) => inner.trim());
  const condition = conditionKey.test(text.slice(lineStart(text, at), at)) && !/[{}]/.test(bare);
  return {
    code: 'HAPB1003',
    message: 'a value that begins with {{ must be in quotes: YAML takes the braces for a map',
    hint: condition ? `A condition needs no braces: write ${bare}.` : quoted,
    from: at,
    to: at + Math.max(2, rest.length),
  };
}

/** HAPB1005: a line whose indentation fits nothing above it. */
export function explainIndent({ from }: YamlProblem, { text }: YamlSource): Explanation {
  const start = lineStart(text, from);
  const line = lineFrom(text, start);
  const own = indentOf(line);
  const columns = columnsAbove(text, start)
    .slice(0, 3)
    .filter((column) => column !== own);
  const at = start + own;
  return {
    code: 'HAPB1005',
    message: 'this line does not line up with the lines it belongs to',
    hint: `It has ${counted(own)} in front; what is above it begins behind ${columns.join(' or ') || 'none'}.`,
    from: at,
    to: at + firstWord(line.trim()).length,
  };
}

function counted(spaces: number): string {
  return spaces === 1 ? '1 space' : `${spaces} spaces`;
}

/** HAPB1006: `name=value` where `name: value` must stand; `null` for anything else. */
function equalsSign(word: string, from: number): Explanation | null {
  const [, key, value = ''] = /^([\w.-]+)\s*=\s*(.*)$/s.exec(word) ?? [];
  if (key === undefined) return null;
  return {
    code: 'HAPB1006',
    message: 'between a key and its value stands a colon here, not "="',
    hint: `Write ${key}: ${value.trimEnd()}`,
    from,
    to: from + word.trimEnd().length,
  };
}

/** A quote, colon, space or bracket that is missing. */
export function explainMissing(problem: YamlProblem, source: YamlSource, line: string): Explanation {
  const { from, to } = problem;
  if (problem.message.startsWith('Missing closing')) {
    const opened = source.longQuotes.find((quote) => quote.to === from) ?? { from, to };
    return unclosedQuote(opened.from);
  }
  if (problem.message.startsWith('Implicit map keys')) {
    const word = line.trim();
    const equals = equalsSign(word.replace(/^(?:- +)*/, ''), from);
    if (equals !== null) return equals;
    const missingSpace = /^-?\s*[\w.-]+:[^\s/]/.test(word);
    const message = missingSpace ? 'a space is missing after the colon' : 'a colon is missing after the key';
    const hint = missingSpace
      ? `Write ${word.replace(':', ': ')}`
      : `Write ${firstWord(word)}: and the value after it.`;
    return { code: 'HAPB1006', message, hint, from, to: Math.max(to, from + firstWord(word).length) };
  }
  if (/ and end with|or end with|expected flow/i.test(problem.message))
    return explainBracket(problem, source);
  const hint = 'Look for a missing comma, colon or bracket just before this place.';
  return { code: 'HAPB1001', message: `this is not valid YAML: ${problem.message}`, hint, from, to };
}

function unclosedQuote(from: number): Explanation {
  return {
    code: 'HAPB1007',
    message: 'the quote that opens here is not closed',
    hint: "Add the closing quote at the end of the value. A quote inside the text is doubled in single quotes (it''s).",
    from,
    to: from + 1,
  };
}

/** HAPB1015: a bracket that is not closed. */
export function explainBracket({ from, to }: YamlProblem, { text }: YamlSource): Explanation {
  const before = text.slice(Math.max(0, from - 2000), from);
  const open = Math.max(before.lastIndexOf('['), before.lastIndexOf('{'));
  const start = open === -1 ? from : from - before.length + open;
  const bracket = text[start] === '{' ? '}' : ']';
  return {
    code: 'HAPB1015',
    message: `the ${text[start] ?? 'bracket'} that opens here is not closed`,
    hint: `Add the ${bracket} that is missing, or quote the value if the bracket belongs to a text.`,
    from: start,
    to: open === -1 ? to : start + 1,
  };
}

/** A key where a value must stand. */
export function explainNestedKey({ from }: YamlProblem, { text }: YamlSource): Explanation {
  const first = lineFrom(text, from);
  const nextStart = text.indexOf('\n', from) + 1;
  const next = nextStart === 0 ? '' : lineFrom(text, nextStart);
  const glued = /^(?:-\s+)*[\w.-]+:(?=[^\s/])/.exec(first);
  if (glued !== null) {
    const at = from + glued[0].length;
    const hint = `Write ${first.slice(0, glued[0].length)} ${first.slice(glued[0].length).trimEnd()}`;
    return {
      code: 'HAPB1006',
      message: 'a space is missing after the colon',
      hint,
      from: at - 1,
      to: at + 1,
    };
  }
  const colon = /:(?=\s)/.exec(first);
  const equals = /^[\w.-]+=\S.*?\s([\w.-]+)$/.exec(first.slice(0, colon?.index ?? 0));
  if (colon !== null && equals !== null) {
    const [, name = ''] = equals;
    const at = from + colon.index - name.length;
    const value = first.slice(colon.index + 1).trim();
    return {
      code: 'HAPB1014',
      message:
        'arguments are written NAME=VALUE on one line, or NAME: VALUE each on a line of its own, not both',
      hint: `Write ${name}=${value}`,
      from: at,
      to: at + name.length + 1,
    };
  }
  if (colon !== null) {
    const hint = first.includes('"')
      ? 'Put the whole value in single quotes.'
      : `Write "${first.trimEnd()}".`;
    const at = from + colon.index;
    return {
      code: 'HAPB1014',
      message: 'a colon and a space inside a value need quotes',
      hint,
      from: at,
      to: at + 1,
    };
  }
  if (nextStart > 0 && /^\s+\S.*:(\s|$)/.test(next)) {
    const at = nextStart + next.length - next.trimStart().length;
    const [column = 0] = columnsAbove(text, nextStart);
    return {
      code: 'HAPB1005',
      message: `this line is indented deeper than the key above it, whose value is already complete`,
      hint: `Put ${counted(column)} in front of it, as above, or move that value below its key.`,
      from: at,
      to: at + firstWord(next.trim()).length,
    };
  }
  const sign = equalsSign(first, from);
  if (sign !== null) return sign;
  const hint = `Write ${firstWord(first)}: and the value after it, or indent the line if it continues the one above.`;
  return {
    code: 'HAPB1006',
    message: 'a colon is missing after the key',
    hint,
    from,
    to: from + firstWord(first).length,
  };
}

/** Something that cannot stand behind what is before it. */
export function explainUnexpected(problem: YamlProblem, source: YamlSource): Explanation {
  const { from, to } = problem;
  const { text } = source;
  const start = lineStart(text, from);
  const long = source.longQuotes.find((quote) => quote.to > start && quote.to <= from);
  if (long !== undefined) {
    const related = [{ message: 'it runs up to this quote', span: source.span(long.to - 1, long.to) }];
    return { ...unclosedQuote(long.from), related };
  }
  const before = text.slice(start, from).trimEnd();
  if (problem.message.endsWith('at node end') && /["']$/.test(before)) {
    return {
      code: 'HAPB1012',
      message: 'text follows the closing quote',
      hint: aroundWhole(text, { lineStart: start, from }),
      from,
      to,
    };
  }
  if (/^[\]}]/.test(text.slice(from))) {
    const message = `this ${text[from] ?? ''} closes nothing`;
    return { code: 'HAPB1015', message, hint: 'Remove it, or add the bracket that opens it.', from, to };
  }
  return {
    code: 'HAPB1001',
    message: 'this does not fit here: the value before it is already complete',
    hint: 'Check the indentation of this line, or quote the whole value.',
    from,
    to,
  };
}

/** How the quotes are put around a value of which they hold only the beginning. */
function aroundWhole(
  text: string,
  { lineStart: start, from }: { readonly lineStart: number; readonly from: number },
): string {
  const general =
    text[from - 1] === "'" || text.slice(start, from).trimEnd().endsWith("'")
      ? "Put the quotes around the whole value; inside single quotes a quote is written twice (it''s)."
      : 'Put the quotes around the whole value; inside double quotes a quote is written \\".';
  const line = lineFrom(text, start)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const [, key = '', quote = '', inner = '', rest = ''] =
    /^(.*?:\s+)(["'])([^"']*)\2([^"']*)$/.exec(line) ?? [];
  if (quote === '') return general;
  if (conditionKey.test(key)) {
    const other = quote === '"' ? "'" : '"';
    return `Put the whole condition in the other quotes: ${other}${quote}${inner}${quote}${rest}${other}.`;
  }
  return `Move the closing quote to the end: ${quote}${inner}${rest}${quote}.`;
}
