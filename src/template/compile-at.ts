import type { Result } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { type CompiledExpression, compileExpressionSource } from '../expression/compile.ts';
import type { Range } from '../expression/node.ts';
import { codes } from '../expression/problems.ts';
import type { Escapes } from '../expression/token.ts';

/** An expression inside a larger text: what stands between the braces, and where that starts. */
export interface Embedded {
  readonly text: string;
  readonly start: number;
  readonly place: (range: Range) => Span;
  readonly escapes: Escapes;
}

/** Compiles what stands in a mustache. `{{{raw}}}` means the same as `{{raw}}`, as nothing is escaped. */
export function compileMustache(embedded: Embedded): Result<CompiledExpression> {
  const result = compileAt(embedded);
  if (result.ok || !result.diagnostics.some(({ code }) => code === codes.syntax)) return result;
  const raw = /^\{(?<inner>.*)\}$/s.exec(embedded.text)?.groups?.inner;
  // `{{{"a": 1}}}` is a map; only what is none can be raw.
  return raw === undefined ? result : compileAt({ ...embedded, text: raw, start: embedded.start + 1 });
}

/** Compiles an expression where it stands. An empty one is shown with the braces around it, where it has some. */
export function compileAt({ text, start, place, escapes }: Embedded): Result<CompiledExpression> {
  const from = start + (/^\s*/.exec(text)?.[0].length ?? 0);
  const body = text.trim();
  const shift = (range: Range) =>
    body === ''
      ? place(start === 0 ? { start, end: text.length } : { start: start - 2, end: start + text.length + 2 })
      : place({ start: range.start + from, end: range.end + from });
  return compileExpressionSource({ text: body, place: shift, escapes });
}
