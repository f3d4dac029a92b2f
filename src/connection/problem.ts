import { type DiagnosticCode, error } from '../core/diagnostic.ts';
import { ConnectionError, type ConnectionErrorKind } from './connection.ts';
import type { ConnectionSettings } from './settings.ts';

/** What every problem of a connection says besides its host. */
interface ConnectionProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
  /** Longer evidence; empty when there is none. */
  readonly details?: string;
}

/** An error placed at the host's line of the inventory. */
export function connectionError(
  kind: ConnectionErrorKind,
  { host, span }: Pick<ConnectionSettings, 'host' | 'span'>,
  { code, message, hint, details }: ConnectionProblem,
): ConnectionError {
  const shown = (details ?? '').trim();
  const base = { code, message: `${host}: ${message}`, hint, span };
  return new ConnectionError(kind, error(shown === '' ? base : { ...base, details: shown }));
}

/** The last lines of an output, for `details`. */
export function lastLines(text: string): string {
  return text.trimEnd().split(/\r?\n/).slice(-12).join('\n').slice(-2_000);
}
