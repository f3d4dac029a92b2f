import type { Diagnostic, DiagnosticCode, Result } from './diagnostic.ts';
import type { Span } from './source.ts';

/** A problem whose place is not known where it is found: the engine adds the span of `argument`, or of the task. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
  /** Name of the module argument at fault; the task's own place when absent. */
  readonly argument?: string;
  /** Longer evidence, such as the last lines of a log. */
  readonly details?: string;
  /** What a registered result of the failed task holds besides `failed` and `msg` (rc, stdout, …). */
  readonly output?: Readonly<Record<string, unknown>>;
}

/** Thrown while a run goes on (rendering, diff, apply); caught once per task and turned into its outcome. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: Problem;
  /** Where it happened, when the thrower knows better than the engine; else `null`. */
  readonly span: Span | null;

  constructor(problem: Problem, span: Span | null = null) {
    super(problem.message);
    this.problem = problem;
    this.span = span;
  }

  /** The diagnostic to show, placed at `fallback` when the failure has no span of its own. */
  toDiagnostic(fallback: Span): Diagnostic {
    const { code, message, hint, details } = this.problem;
    const base = { severity: 'error' as const, code, message, hint, span: this.span ?? fallback };
    return details === undefined ? base : { ...base, details };
  }
}

/** What was thrown; a failure with more for the registered result, beside what it has for it itself. */
export function registering(thrown: unknown, more: Readonly<Record<string, unknown>>): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  const { problem, span } = thrown;
  return new Failure({ ...problem, output: { ...more, ...problem.output } }, span);
}

/** What a result holds. @throws Failure: the first error of one that holds nothing */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const first = result.diagnostics.find(({ severity }) => severity === 'error') ?? result.diagnostics[0];
  throw new Failure(
    { code: first?.code ?? 'HAPB9000', message: first?.message ?? '', hint: first?.hint ?? '' },
    first?.span ?? null,
  );
}
