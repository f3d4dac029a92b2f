import { type Diagnostic, type DiagnosticCode, error } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

/** A syntax error as YAML's parser tells it; offsets into the text. */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** What the explanations look at. */
export interface YamlSource {
  readonly text: string;
  /** Offsets [from, to) of every quoted scalar that runs over more than one line or is not closed. */
  readonly longQuotes: readonly { readonly from: number; readonly to: number }[];
  span(from: number, to: number): Span;
}

interface Explanation {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
  readonly from: number;
  readonly to: number;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

const shownProblems = 20;

/** Says each problem once, in words that name the remedy; of several on one line only the first, which causes the rest. */
export function explainYaml(problems: readonly YamlProblem[], source: YamlSource): readonly Diagnostic[] {
  const lines = new Set<number>();
  const found: Diagnostic[] = [];
  for (const problem of [...problems].sort((a, b) => a.from - b.from)) {
    const explanation = explain(problem, source);
    const span = source.span(explanation.from, explanation.to);
    const causeLine = source.span(problem.from, problem.from).start.line;
    if (lines.has(span.start.line) || lines.has(causeLine)) continue;
    lines.add(span.start.line).add(causeLine);
    const { code, message, hint, related } = explanation;
    found.push(error({ code, message, hint, span, ...(related === undefined ? {} : { related }) }));
    if (found.length === shownProblems) break;
  }
  return found;
}

/** The problem of a value that begins with `{{` without quotes. `at` is the offset of the braces. */
export function unquotedExpression(text: string, at: number): Explanation {
  const rest = lineFrom(text, at)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const quote = rest.includes('"') ? (rest.includes("'") ? null : "'") : '"';
  return {
    code: 'HAPB1003',
    message: 'a value that begins with {{ must be in quotes: YAML takes the braces for a map',
    hint:
      quote === null ? 'Write the value below `>-` on a line of its own.' : `Write ${quote}${rest}${quote}.`,
    from: at,
    to: at + Math.max(2, rest.length),
  };
}

function explain(problem: YamlProblem, source: YamlSource): Explanation {
  const { text } = source;
  const { from, to } = problem;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const line = lineFrom(text, lineStart);
  const at = (code: DiagnosticCode, message: string, hint: string): Explanation => ({
    code,
    message,
    hint,
    from,
    to,
  });

  const braces = /^(?:\s*(?:-\s+)*(?:[^\s'"#{][^'"#{]*?:\s+)?)\{\{/.exec(line);
  if (braces !== null) return unquotedExpression(text, lineStart + braces[0].length - 2);
  const tab = /^ *\t/.exec(line);
  if (problem.code === 'TAB_AS_INDENT' || (tab !== null && problem.code !== 'MISSING_CHAR')) {
    const tabAt = tab === null ? from : lineStart + tab[0].length - 1;
    const hint = 'Indent with spaces; set the editor to insert spaces for the Tab key.';
    return {
      code: 'HAPB1002',
      message: 'a tab cannot indent a line in YAML',
      hint,
      from: tabAt,
      to: tabAt + 1,
    };
  }
  switch (problem.code) {
    case 'MISSING_CHAR':
      return explainMissing(problem, source, line);
    case 'BAD_INDENT':
      return problem.message.startsWith('Flow')
        ? explainBracket(problem, source)
        : at('HAPB1005', 'this line does not line up with the lines it belongs to', indentHint);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return explainNestedKey(problem, source);
    case 'UNEXPECTED_TOKEN':
      return explainUnexpected(problem, source);
    case 'BAD_SCALAR_START':
      return at(
        'HAPB1013',
        `a value cannot begin with ${text[from] ?? 'this'} unless it is in quotes`,
        `Write "${lineFrom(text, from).trimEnd()}".`,
      );
    case 'BAD_DQ_ESCAPE':
      return at(
        'HAPB1016',
        `\\${text[from + 1] ?? ''} is not an escape that YAML knows inside double quotes`,
        'Use single quotes, in which a backslash is only a backslash, or write two backslashes.',
      );
    case 'MULTIPLE_DOCS':
      return {
        code: 'HAPB1008',
        message: 'the file holds more than one YAML document',
        hint: 'Remove the `---` line in the middle, or split the file in two.',
        from,
        to: Math.min(to, from + 3),
      };
    case 'TAG_RESOLVE_FAILED':
      return at(
        'HAPB1009',
        `unknown tag ${text.slice(from, to)}`,
        'Remove the tag, or quote the value if the exclamation mark belongs to it. Known are !vault and !unsafe.',
      );
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
      return at(
        'HAPB1011',
        `${problem.message}`,
        'Quote the value if * or & is meant as text, as in "*.example.com".',
      );
    case 'RESOURCE_EXHAUSTION':
      return at('HAPB1010', 'the document nests too deeply to be read', 'Split it into several files.');
    default:
      return at(
        'HAPB1001',
        `this is not valid YAML: ${problem.message}`,
        'Compare the line with the one above it.',
      );
  }
}

const indentHint = 'Give all keys of one map, and all dashes of one list, exactly the same number of spaces.';

function explainMissing(problem: YamlProblem, source: YamlSource, line: string): Explanation {
  const { from, to } = problem;
  if (problem.message.startsWith('Missing closing')) {
    const opened = source.longQuotes.find((quote) => quote.to === from) ?? { from, to };
    return unclosedQuote(opened.from);
  }
  if (problem.message.startsWith('Implicit map keys')) {
    const word = line.trim();
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

function explainBracket({ from, to }: YamlProblem, { text }: YamlSource): Explanation {
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

function explainNestedKey({ from }: YamlProblem, { text }: YamlSource): Explanation {
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
    return {
      code: 'HAPB1005',
      message: `this line is indented deeper than the key above it, whose value is already complete`,
      hint: indentHint,
      from: at,
      to: at + firstWord(next.trim()).length,
    };
  }
  const hint = `Write ${firstWord(first)}: and the value after it, or indent the line if it continues the one above.`;
  return {
    code: 'HAPB1006',
    message: 'a colon is missing after the key',
    hint,
    from,
    to: from + firstWord(first).length,
  };
}

function explainUnexpected(problem: YamlProblem, source: YamlSource): Explanation {
  const { from, to } = problem;
  const { text } = source;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const long = source.longQuotes.find((quote) => quote.to > lineStart && quote.to <= from);
  if (long !== undefined) {
    const related = [{ message: 'it runs up to this quote', span: source.span(long.to - 1, long.to) }];
    return { ...unclosedQuote(long.from), related };
  }
  const before = text.slice(lineStart, from).trimEnd();
  if (problem.message.endsWith('at node end') && /["']$/.test(before)) {
    const single = before.endsWith("'");
    return {
      code: 'HAPB1012',
      message: 'text follows the closing quote',
      hint: single
        ? "Put the quotes around the whole value; inside single quotes a quote is written twice (it''s)."
        : 'Put the quotes around the whole value; inside double quotes a quote is written \\".',
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

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

function firstWord(text: string): string {
  return /^[^\s:]+/.exec(text)?.[0] ?? text;
}
