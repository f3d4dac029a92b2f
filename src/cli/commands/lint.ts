import type { Diagnostic } from '../../core/diagnostic.ts';
import { printDiagnostic } from '../../core/print-diagnostic.ts';
import type { Span } from '../../core/source.ts';
import { safeValue } from '../../events/redact.ts';
import { exitCodes } from '../exit-codes.ts';
import { createSourceReader } from '../files.ts';
import { type Linted, type LintRequest, lint } from '../lint/lint.ts';
import { errorPaint, type Terminal } from '../terminal.ts';

/** What `hapb lint` was asked for. */
export interface LintOptions extends LintRequest {
  readonly format: 'text' | 'json';
  /** `errors`: warnings alone end with 0. */
  readonly failOn: 'errors' | 'warnings';
}

/** Checks a project and says what is wrong with it. Gives 4 when something is, else 0. */
export function lintCommand({ format, failOn, ...request }: LintOptions, terminal: Terminal): number {
  const linted = lint(request);
  const problems = linted.problems.map((problem) => safeValue(problem));
  terminal.writeOut(
    format === 'json' ? asJson({ ...linted, problems }) : asText({ ...linted, problems }, terminal),
  );
  const bad = problems.some(({ severity }) => severity === 'error' || failOn === 'warnings');
  return bad ? exitCodes.parse : exitCodes.success;
}

function asText({ files, problems }: Linted, terminal: Terminal): string {
  const style = {
    source: createSourceReader(),
    paint: errorPaint({ env: terminal.env, errorIsTerminal: terminal.outIsTerminal }),
  };
  const texts = problems.map((problem) => `${printDiagnostic(problem, style)}\n\n`);
  const { errors, warnings } = counted(problems);
  const summary = `${amount(files, 'file')}: ${amount(errors, 'error')}, ${amount(warnings, 'warning')}`;
  return `${texts.join('')}${problems.length === 0 ? `${amount(files, 'file')}: nothing to complain about` : summary}\n`;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function counted(problems: readonly Diagnostic[]): { readonly errors: number; readonly warnings: number } {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: problems.length - errors };
}

function asJson({ files, problems }: Linted): string {
  const shown = problems.map(({ code, severity, message, hint, span, details, related = [] }) => ({
    ...{ code, severity, message, hint, ...place(span) },
    ...(details === undefined ? {} : { details }),
    ...(related.length === 0
      ? {}
      : { related: related.map((one) => ({ message: one.message, ...place(one.span) })) }),
  }));
  return `${JSON.stringify({ files, ...counted(problems), problems: shown }, null, 2)}\n`;
}

function place({ file, start, end }: Span) {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
