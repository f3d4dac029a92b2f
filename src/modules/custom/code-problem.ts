import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { fileSpan, type Span } from '../../core/source.ts';

/** What the code in the file of a user's own module threw, told at the line where it did. */
export function codeProblem(
  path: string,
  thrown: unknown,
  problem: { readonly code: DiagnosticCode; readonly what: string; readonly hint: string },
): Failure {
  const { code, what, hint } = problem;
  const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
  const span = placeIn(path, thrown);
  const base = { code, message: `${what}: ${first}`, hint };
  if (span !== null) return new Failure(base, span);
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const details = stack === undefined ? {} : { details: stack.split('\n').slice(0, 4).join('\n') };
  return new Failure({ ...base, ...details }, fileSpan(path));
}

/** Where in the file it was, by the stack; `null`: the stack does not lead there. */
function placeIn(path: string, thrown: unknown): Span | null {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const names = [resolve(path), pathToFileURL(resolve(path)).href].map((name) =>
    name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const found = new RegExp(`(?:${names.join('|')}):(\\d+)(?::(\\d+))?`).exec(stack);
  if (found === null) return null;
  // Of a syntax error Node shows the line and, below it, what is wrong in it.
  const caret = /^.*:\d+\n.*\n( *)\^/.exec(stack)?.[1]?.length ?? 0;
  const start = { line: Number(found[1]), column: Number(found[2] ?? caret + 1), offset: 0 };
  return { file: path, start, end: start };
}
