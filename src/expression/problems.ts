import type { DiagnosticCode } from '../core/diagnostic.ts';
import { Failure, type Problem } from '../core/failure.ts';
import { nearest } from '../core/nearest.ts';
import type { Span } from '../core/source.ts';
import { type Unknown, Unresolved } from '../core/unknown.ts';

/** Every kind of problem that an expression can have, by its code in docs/errors/expression.md. */
export const codes = {
  syntax: 'HAPB4001',
  undefinedVariable: 'HAPB4002',
  missingKey: 'HAPB4003',
  wrongType: 'HAPB4004',
  unknownFilter: 'HAPB4005',
  unknownTest: 'HAPB4006',
  wrongArguments: 'HAPB4007',
  filterFailed: 'HAPB4008',
  arithmetic: 'HAPB4009',
  unsupported: 'HAPB4010',
  unknownMethod: 'HAPB4011',
  notBoolean: 'HAPB4012',
  pattern: 'HAPB4013',
  tooLarge: 'HAPB4014',
} as const satisfies Record<string, DiagnosticCode>;

/** What an expression fails with that mentions something that is not defined. */
export const undefinedCodes: ReadonlySet<string> = new Set([codes.undefinedVariable, codes.missingKey]);

/** Ends an evaluation; the place is added by the evaluator, which knows the node. */
export function fail(code: DiagnosticCode, message: string, hint: string): never {
  throw new Failure({ code, message, hint });
}

const overLimit: Problem = {
  code: codes.tooLarge,
  message: 'the result would be too large or too deep',
  hint: 'Make a smaller text or list.',
};

/** Runs `step`, which is unknown where it needs what is unknown; a failure without a place of its own gets this one. */
export function placed<T>(span: () => Span, step: () => T): T | Unknown {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.span === null) throw new Failure(thrown.problem, span());
    if (thrown instanceof Unresolved) return thrown.unknown;
    // The engine's own limits of texts, lists and nesting.
    if (thrown instanceof RangeError) throw new Failure(overLimit, span());
    throw thrown;
  }
}

/** A value that is not there, with the reason. Only guards (`default`, `is defined`) may ask for it without failing. */
export class Missing {
  readonly problem: Problem;
  readonly span: Span;
  /** `nothing`: an `if` without `else`, which is no error in a text and counts as false. */
  readonly as: 'error' | 'nothing';

  constructor(problem: Problem, span: Span, as: 'error' | 'nothing' = 'error') {
    this.problem = problem;
    this.span = span;
    this.as = as;
  }
}

/** What `look` finds; Missing where a variable or a member of one mentions what is not defined. */
export function found<T>(look: () => T): T | Missing {
  try {
    return look();
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.span === null || !undefinedCodes.has(thrown.problem.code))
      throw thrown;
    return new Missing(thrown.problem, thrown.span);
  }
}

/** `Did you mean 'x'?` followed by `otherwise`, or `otherwise` alone when no name is near. */
export function suggest(word: string, names: Iterable<string>, otherwise: string): string {
  const near = nearest(word, names);
  return near === null ? otherwise : `Did you mean '${near}'? ${otherwise}`;
}
