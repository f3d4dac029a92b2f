import { closeSync, fchmodSync, openSync, readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DiagnosticCode } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { SourceOf } from '../core/print-diagnostic.ts';
import { fileSpan } from '../core/source.ts';
import { maskText } from '../events/redact.ts';
import type { Sink } from '../reports/sink.ts';
import { isVaultText } from '../vault/envelope.ts';

/** Texts of source files for excerpts, each read once; secrets in them are masked. */
export function createSourceReader(): SourceOf {
  const texts = new Map<string, string | null>();
  return (file) => {
    let text = texts.get(file);
    if (text === undefined) {
      text = readOrNull(file);
      texts.set(file, text);
    }
    return text === null ? null : maskText(text);
  };
}

function readOrNull(file: string): string | null {
  if (file.startsWith('<')) return null;
  try {
    const text = readFileSync(file, 'utf8');
    // Places in an encrypted file are those of its plain text.
    return isVaultText(text) ? null : text;
  } catch {
    return null;
  }
}

/** The text of a file that the command line names. @throws Failure HAPB8004 */
export function readNamedFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    throw fileFailure('HAPB8004', path, { what: `cannot read the ${what}`, problem });
  }
}

/** Opens a report's file for writing, at once, so that a wrong path is told before a run. @throws Failure HAPB8009 */
export function openReportFile(path: string): Sink {
  return openFile(path, 'as-it-is');
}

/** The same for a file that nobody else may read, even where it was there before. @throws Failure HAPB8009 */
export function openPrivateFile(path: string): Sink {
  return openFile(path, 'private');
}

function openFile(path: string, mode: 'as-it-is' | 'private'): Sink {
  let handle: number;
  try {
    handle = openSync(path, 'w', 0o600);
    if (mode === 'private') fchmodSync(handle, 0o600);
  } catch (problem) {
    throw fileFailure('HAPB8009', path, { what: 'cannot write the report', problem });
  }
  return {
    write: (text) => void writeSync(handle, text),
    close: () => {
      closeSync(handle);
      return Promise.resolve();
    },
  };
}

function fileFailure(
  code: DiagnosticCode,
  path: string,
  { what, problem }: { readonly what: string; readonly problem: unknown },
): Failure {
  const reason =
    problem instanceof Error && 'code' in problem ? reasonOf(String(problem.code)) : String(problem);
  const hint = `Check the path; relative ones start at the current folder, so this is ${resolve(path)}.`;
  return new Failure({ code, message: `${what} ${path}: ${reason}`, hint }, fileSpan(path));
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
      return 'no space is left on the disk';
    default:
      return code;
  }
}
