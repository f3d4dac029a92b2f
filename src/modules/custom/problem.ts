import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { fileSpan } from '../../core/source.ts';

/** What is wrong with the file of a user's own module. */
export function fileProblem(
  path: string,
  problem: {
    readonly code: DiagnosticCode;
    readonly message: string;
    readonly hint: string;
    readonly details?: string;
  },
): Failure {
  return new Failure(problem, fileSpan(path));
}
