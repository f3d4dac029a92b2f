import { readFileSync } from 'node:fs';
import type { Diagnostic, Judged, Result } from '../../src/core/diagnostic.ts';
import { Failure } from '../../src/core/failure.ts';
import { plainPaint } from '../../src/core/paint.ts';
import { printDiagnostic } from '../../src/core/print-diagnostic.ts';
import { fileSpan } from '../../src/core/source.ts';

const documented = new Set(readFileSync('docs/errors.md', 'utf8').match(/HAPB\d{4}/g));
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Printing takes longer than reading, and nobody looks at thousands. */
const maxPrinted = 100;

/** What `file` holds, for places that point into it. */
export interface Read {
  readonly file: string;
  readonly text: string;
}

/** @throws Error when a problem has no documented code, says nothing, points outside its file or harms a terminal */
export function mustBeSound(problems: readonly Diagnostic[], { file, text }: Read): void {
  for (const [index, problem] of problems.entries()) {
    const { code, message, hint, span } = problem;
    const wrong = (what: string): never => {
      throw new Error(`${what}: ${JSON.stringify(problem).slice(0, 2_000)}`);
    };
    if (!documented.has(code)) wrong('no documented code');
    if (message.trim() === '') wrong('no message');
    if (hint.trim() === '') wrong('no hint');
    if (!(span.start.offset >= 0 && span.end.offset >= span.start.offset))
      wrong('a place of negative length');
    if (span.file === file && span.end.offset > text.length + 1) wrong('a place behind the end');
    if (index >= maxPrinted) continue;
    const printed = printDiagnostic(problem, {
      source: (name) => (name === file ? text : null),
      paint: plainPaint,
    });
    if (control.test(printed)) wrong('prints control characters');
  }
}

/** The value of a result whose problems are sound; `null`: it holds nothing. @throws Error as `mustBeSound` */
export function soundValue<T>(result: Result<T> | Judged<T>, read: Read): T | null {
  if (result.ok) {
    mustBeSound(result.warnings, read);
    return result.value;
  }
  if (!result.diagnostics.some(({ severity }) => severity === 'error'))
    throw new Error('refused without a reason');
  mustBeSound(result.diagnostics, read);
  return null;
}

/** What a step gives; `null` when it fails with a sound Failure. @throws Error for everything else that is thrown */
export function attempt<T>(step: () => T, read: Read): T | null {
  try {
    return step();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    mustBeSound([thrown.toDiagnostic(fileSpan(read.file))], read);
    return null;
  }
}
