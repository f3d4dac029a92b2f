import { readFileSync, statSync } from 'node:fs';
import {
  type Diagnostic,
  type DiagnosticCode,
  error,
  failure,
  type Result,
  success,
} from '../core/diagnostic.ts';
import { fileSpan } from '../core/source.ts';

/** The largest file that is read as source text, in bytes. */
export const maxSourceBytes = 16 * 1024 * 1024;

/** What the caller is about to read, so that the remedy can name it. */
export interface SourceWish {
  /** A noun with its article, such as `a playbook`. */
  readonly what: string;
  /** What to pass instead of a folder. */
  readonly insteadOfFolder: string;
}

/** Told of a source: its path, or for what a program printed its command, and the content. */
export type SourceWatcher = (name: string, content: Uint8Array | string) => void;

const watchers = new Set<SourceWatcher>();

/** Tells of every source that is read from now on, until the watch is disposed of. */
export function watchSources(watcher: SourceWatcher): Disposable {
  watchers.add(watcher);
  return { [Symbol.dispose]: () => void watchers.delete(watcher) };
}

/** For sources that are not read by `readSource`. */
export function tellSource(...source: Parameters<SourceWatcher>): void {
  for (const watcher of watchers) watcher(...source);
}

const aFile: SourceWish = { what: 'a file', insteadOfFolder: 'Name a file inside that folder.' };

/**
 * The text of a UTF-8 file without its byte order mark. Fails with HAPB1020 (not there), HAPB1021 (a folder), HAPB1022
 * (not UTF-8), HAPB1023 (too large), HAPB1024 (not allowed), HAPB1025 (any other reason).
 */
export function readSource(path: string, wish: SourceWish = aFile): Result<string> {
  const problem = (code: DiagnosticCode, message: string, hint: string): Result<string> =>
    failure([error({ code, message, hint, span: fileSpan(path) })]);
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      return problem('HAPB1021', `${path} is a folder, not ${wish.what}`, wish.insteadOfFolder);
    }
    if (stats.size > maxSourceBytes) {
      return problem(
        'HAPB1023',
        `${path} is too large to be ${wish.what}: ${stats.size} bytes`,
        `At most ${maxSourceBytes} bytes are read; split it, or check that this is the right file.`,
      );
    }
    const bytes = readFileSync(path);
    tellSource(path, bytes);
    const text = decode(bytes);
    if (text !== null) return success(text);
    return failure([notUtf8(path, bytes)]);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return problem(
        'HAPB1020',
        `${path} does not exist`,
        `Check the path; it is looked up from ${process.cwd()}.`,
      );
    }
    if (code === 'EACCES' || code === 'EPERM') {
      return problem(
        'HAPB1024',
        `${path} may not be read`,
        'Give your user read permission on it and its folders.',
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return problem('HAPB1025', `${path} cannot be read: ${reason}`, 'Check the file system it lies on.');
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function notUtf8(path: string, bytes: Uint8Array): Diagnostic {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const text = new TextDecoder('utf-8').decode(bytes);
  const before = text.slice(0, Math.max(0, text.indexOf('\ufffd')));
  const lineStart = before.lastIndexOf('\n') + 1;
  const start = {
    line: before.split('\n').length,
    column: before.length - lineStart + 1,
    offset: before.length,
  };
  return error({
    code: 'HAPB1022',
    message: `${path} is not UTF-8 text${wide ? ' but UTF-16' : ''}`,
    hint: wide ? `Save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 ${path}` : 'Save it as UTF-8.',
    span: { file: path, start, end: start },
  });
}
