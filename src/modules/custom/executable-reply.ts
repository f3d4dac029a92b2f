import type { ShellReply } from '../../connection/connection.ts';
import type { Edit } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { parseJson } from '../../core/parse-json.ts';
import type { Output, Value } from '../../core/value.ts';
import { isRecord } from './checked-module.ts';

/** What an executable module answered. */
export interface ExecutableReply {
  readonly changed: boolean;
  /** Why it cannot say whether it would change anything; `null`: it can. */
  readonly unknown: string | null;
  readonly summary: string | null;
  readonly edits: readonly Edit[];
  /** Every other key: what is registered. */
  readonly output: Output;
}

const own = new Set(['changed', 'unknown', 'summary', 'diff', 'failed', 'hint']);

/**
 * Reads the one JSON object that an executable printed.
 * @throws Failure HAPB6491 (it says that it failed, or ended with an error), HAPB6492 (what it printed is no reply)
 */
export function readReply(name: string, verb: 'probe' | 'apply', reply: ShellReply): ExecutableReply {
  const said = [reply.stderr.trim(), reply.stdout.trim()].filter((text) => text !== '').join('\n');
  const json = parse(reply.stdout);
  if (json?.failed === true || reply.exitCode !== 0) throw failed(name, json, { reply, said, verb });
  if (json === null || typeof json.changed !== 'boolean') {
    throw new Failure({
      code: 'HAPB6492',
      message: `${name} printed no reply to '${verb}': ${json === null ? 'it is not one JSON object' : '"changed" is missing'}`,
      hint: 'Print one JSON object such as {"changed": false} and nothing else; notes go to standard error.',
      details: said,
    });
  }
  const output = Object.fromEntries(Object.entries(json).filter(([key]) => !own.has(key)));
  return {
    changed: json.changed,
    unknown: typeof json.unknown === 'string' ? json.unknown : null,
    summary: typeof json.summary === 'string' ? json.summary : null,
    edits: Array.isArray(json.diff) ? json.diff.flatMap(editOf) : [],
    output: output as Record<string, Value>,
  };
}

function failed(
  name: string,
  json: Readonly<Record<string, unknown>> | null,
  how: { readonly reply: ShellReply; readonly said: string; readonly verb: string },
): Failure {
  const msg =
    typeof json?.msg === 'string' ? json.msg : `${how.verb} ended with exit code ${how.reply.exitCode}`;
  return new Failure({
    code: 'HAPB6491',
    message: `${name}: ${msg}`,
    hint: typeof json?.hint === 'string' ? json.hint : hintFor(how.reply.exitCode),
    ...(json?.failed === true && how.reply.stderr.trim() === '' ? {} : { details: how.said }),
    output: { rc: how.reply.exitCode },
  });
}

function hintFor(exitCode: number): string {
  return exitCode === 126 || exitCode === 127
    ? 'It, or a program that it calls, was not found: its first line must name a program of the host, such as #!/bin/sh, and no line may end with CR LF.'
    : 'Its own words are above.';
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json = parseJson(text);
    return isRecord(json) ? json : null;
  } catch {
    return null;
  }
}

function editOf(item: unknown): readonly Edit[] {
  if (!isRecord(item) || typeof item.subject !== 'string') return [];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return [{ subject: item.subject, before: text(item.before), after: text(item.after) }];
}
