import { cleanText } from './clean-text.ts';
import type { Diagnostic } from './diagnostic.ts';
import { excerpt } from './excerpt.ts';
import { type Colour, type Paint, plainPaint } from './paint.ts';
import { formatPlace, type Span } from './source.ts';

/** The text of a file that spans point into; `null` when it is not at hand (a report read later, say). */
export type SourceOf = (file: string) => string | null;

/** How diagnostics are shown. */
export interface DiagnosticStyle {
  readonly source: SourceOf;
  readonly paint: Paint;
}

/** Without source lines and colours. */
export const bareStyle: DiagnosticStyle = { source: () => null, paint: plainPaint };

/**
 * One diagnostic as people read it: place, code and message; the source with carets; what is related; details; hint.
 * Several lines without a trailing newline. The form of the first line is one that editors turn into links.
 */
export function printDiagnostic(diagnostic: Diagnostic, style: DiagnosticStyle): string {
  const { source, paint } = style;
  const { severity, code, message, span, hint } = diagnostic;
  const colour: Colour = severity === 'error' ? 'red' : 'bright purple';
  const head = `${paint(colour, `${severity} ${code}`)}: ${cleanText(message)}`;
  const lines = [`${paint('bold', placeOf(span))}  ${head}`];
  if (diagnostic.quote !== 'never') lines.push(...excerpt(source(span.file), span, { colour, paint }));
  for (const related of diagnostic.related ?? []) {
    lines.push(`  ${paint('bold', placeOf(related.span))}  ${cleanText(related.message)}`);
    lines.push(...excerpt(source(related.span.file), related.span, { colour: 'blue', paint }));
  }
  if (diagnostic.details !== undefined && diagnostic.details !== '') {
    lines.push(...indented(cleanText(diagnostic.details), '    '));
  }
  if (hint !== '') {
    const [first = '', ...more] = cleanText(hint).split('\n');
    lines.push(`  ${paint('cyan', 'hint:')} ${first}`, ...more.map((line) => `        ${line}`));
  }
  return lines.join('\n');
}

/** Several diagnostics, errors last so that they stand next to the prompt, each followed by an empty line. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], style: DiagnosticStyle): string {
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return [...warnings, ...errors].map((diagnostic) => `${printDiagnostic(diagnostic, style)}\n`).join('\n');
}

/** Files as `file:line:column`; what is no file, such as `<command line>`, by its name alone where that says it all. */
function placeOf(span: Span): string {
  const { line, column } = span.start;
  return cleanText(span.file.startsWith('<') && line === 1 && column === 1 ? span.file : formatPlace(span));
}

function indented(text: string, indent: string): string[] {
  return text
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line));
}
