import { Float } from '../core/float.ts';
import type { Outcome } from '../core/outcome.ts';

/** One line, or indented by four spaces. */
export type JsonLayout = 'line' | 'block';

/** A value as Ansible prints results: keys sorted, `", "` and `": "` between, nothing escaped that need not be. */
export function resultJson(value: unknown, layout: JsonLayout): string {
  return write(value, layout === 'block' ? '\n' : null);
}

function write(value: unknown, newline: string | null): string {
  if (value instanceof Float) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = newline === null ? null : `${newline}    `;
  if (Array.isArray(value)) {
    return enclose(
      ['[', ']'],
      value.map((item: unknown) => write(item, inner)),
      newline,
    );
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}: ${write(item, inner)}`);
  return enclose(['{', '}'], entries, newline);
}

function enclose(
  [open, close]: readonly [string, string],
  parts: readonly string[],
  newline: string | null,
): string {
  if (parts.length === 0) return open + close;
  if (newline === null) return open + parts.join(', ') + close;
  return `${open}${newline}    ${parts.join(`,${newline}    `)}${newline}${close}`;
}

/** The registered result of an outcome as Ansible shows it: the output with `changed`, and what went wrong as `msg`. */
export function resultOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  switch (outcome.kind) {
    case 'ok':
    case 'skipped':
    case 'unknown':
      return { changed: false, ...outcome.output };
    case 'changed':
    case 'would-change':
      return { changed: true, ...outcome.output };
    case 'failed':
    case 'would-fail':
      return { changed: false, msg: outcome.diagnostic.message, ...outcome.output };
    case 'unreachable':
      return { changed: false, msg: outcome.diagnostic.message, unreachable: true };
  }
}

/** What a failure's line shows without `-v`; the rest is told by the diagnostic below it. */
export function briefResultOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  const { changed, msg, rc, unreachable } = resultOf(outcome);
  return { changed, msg, rc, unreachable };
}
