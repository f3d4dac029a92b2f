import type { DiagnosticCode } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { fileSpan } from '../core/source.ts';

/** Where diagnostics about flags point. */
export const commandLine = fileSpan('<command line>');

/** A failure of the command line itself; it ends with exit code 5 as Ansible's does. */
export function usageFailure(code: DiagnosticCode, message: string, hint: string): Failure {
  return new Failure({ code, message, hint }, commandLine);
}
