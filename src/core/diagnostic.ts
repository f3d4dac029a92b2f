import type { Span } from './source.ts';

/** A stable name of one kind of problem; each has a section in docs/errors.md. */
export type DiagnosticCode = `HAPB${number}`;

/** A problem as plain data, so that it survives JSON and every printer shows the same. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** What is wrong, in the user's words. */
  readonly message: string;
  readonly span: Span;
  /** What to do next, imperative. */
  readonly hint: string;
  /** Longer evidence, such as the last lines of a log; shown indented below. Empty when there is none. */
  readonly details?: string;
  /** `never`: no printer shows the lines of the source, since a secret may stand in them (no_log). */
  readonly quote?: 'never';
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** Something that was loaded, or every problem that was found while trying. Warnings may accompany a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * A result that says even with errors what could be made of its source, so that more problems can be looked for in it;
 * it must not run.
 */
export type Judged<T> =
  | Extract<Result<T>, { readonly ok: true }>
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly partial: T };

/** A value, with the warnings found on the way. */
export function success<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

/** All that stood in the way; at least one must be an error. */
export function failure<T>(diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}

/** Judges `value` by its problems: any error makes it partial. */
export function judged<T>(value: T, problems: readonly Diagnostic[]): Judged<T> {
  const wrong = problems.some(({ severity }) => severity === 'error');
  return wrong
    ? { ok: false, diagnostics: problems, partial: value }
    : { ok: true, value, warnings: problems };
}

/** What a result has, even with errors; `null` for nothing. */
export function whatThereIs<T>(result: Result<T> | Judged<T>): T | null {
  if (result.ok) return result.value;
  return 'partial' in result ? result.partial : null;
}

/** An error diagnostic without the repetition of `severity`. */
export function error(problem: Omit<Diagnostic, 'severity'>): Diagnostic {
  return { severity: 'error', ...problem };
}

/** A warning diagnostic. */
export function warning(problem: Omit<Diagnostic, 'severity'>): Diagnostic {
  return { severity: 'warning', ...problem };
}

/** Each problem once; a file that is used several times has its problems once. */
export function distinct(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return [...new Set(problems)].filter(({ code, message, span: { file, start, end } }) => {
    const key = `${code} ${start.line}:${start.column}-${end.line}:${end.column} ${file}\n${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
