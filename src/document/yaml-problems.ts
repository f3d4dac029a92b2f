import { type Diagnostic, type DiagnosticCode, error } from '../core/diagnostic.ts';
import {
  explainBracket,
  explainIndent,
  explainMissing,
  explainNestedKey,
  explainUnexpected,
  unquotedExpression,
} from './yaml-explanations.ts';
import { lineFrom } from './yaml-lines.ts';
import type { Explanation, YamlProblem, YamlSource } from './yaml-problem.ts';

const shownProblems = 20;

/** Says each problem once, in words that name the remedy; of several on one line only the first, which causes the rest. */
export function explainYaml(problems: readonly YamlProblem[], source: YamlSource): readonly Diagnostic[] {
  const lines = new Set<number>();
  const found: Diagnostic[] = [];
  for (const problem of [...problems].sort((a, b) => a.from - b.from)) {
    const causeLine = source.span(problem.from, problem.from).start.line;
    if (lines.has(causeLine)) continue;
    const explanation = explain(problem, source);
    const span = source.span(explanation.from, Math.min(explanation.to, source.text.length));
    if (lines.has(span.start.line)) continue;
    lines.add(span.start.line).add(causeLine);
    const { code, message, hint, related } = explanation;
    found.push(error({ code, message, hint, span, ...(related === undefined ? {} : { related }) }));
    if (found.length === shownProblems) break;
  }
  // With a tab among the spaces every other problem is a guess.
  const tabs = found.filter(({ code }) => code === 'HAPB1002');
  return tabs.length > 0 ? tabs : found;
}

/** The first problem of each line. */
export function onePerLine(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const lines = new Set<number>();
  return problems.filter(({ span }) => !lines.has(span.start.line) && lines.add(span.start.line));
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
        : explainIndent(problem, source);
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
        hint: `Remove the \`${text.startsWith('...', from) ? '...' : '---'}\` line in the middle, or split the file in two.`,
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
