import { ConnectionError } from '../../../src/connection/connection.ts';

/** An error as a user reads it: kind and code, message, hint, details. Fails when the promise does not reject with a ConnectionError. */
export async function shownError(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectionError))
    throw new Error(`expected a ConnectionError, got ${String(error)}`);
  const { code, message, hint, details } = error.diagnostic;
  const lines = [`${error.kind} ${code}: ${message}`, `hint: ${hint}`];
  return [...lines, ...(details === undefined ? [] : [`details: ${details}`])].join('\n');
}
