import { type Diagnostic, error } from '../core/diagnostic.ts';
import { fileSpan, positionsOf, type Span } from '../core/source.ts';

/** The largest text that is parsed, in UTF-16 units. */
const maxYamlLength = 16 * 1024 * 1024;

/** HAPB1010: more than is read. */
export function limit(message: string, span: Span): Diagnostic {
  return error({
    code: 'HAPB1010',
    message,
    hint: 'Split it into several files, or repeat less by aliases.',
    span,
  });
}

/** Why a text is not even given to the parser (too long, control characters); `null`: it may be parsed. */
export function refuse(text: string, file: string): Diagnostic | null {
  if (text.length > maxYamlLength) return limit('the document is larger than 16 MiB', fileSpan(file));
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control === null) return null;
  const start = positionsOf(text)(control.index);
  const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  return error({
    code: 'HAPB1019',
    message: `the text holds the control character U+${code}, which YAML does not allow`,
    hint: 'Remove it; inside double quotes it can be written as an escape such as \\x1b.',
    span: { file, start, end: { ...start, column: start.column + 1, offset: start.offset + 1 } },
  });
}
