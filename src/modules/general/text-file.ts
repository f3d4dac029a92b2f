import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { type Ask, all } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import { fileMounts, type Mount } from '../asks/mounts.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { type FilePlan, planFile } from './file-change.ts';

/** A text file that a module edits: what a link leads to is edited, and a mounted file is written in place. */
export interface TextFile {
  readonly file: FileState;
  readonly mounts: readonly Mount[];
  readonly who: Identity;
}

/** How an edited text is written. */
export interface TextEdit extends PermissionArgs {
  readonly backup?: boolean;
  readonly validate?: string;
}

/** Asks for a text file. `owners`: see FileQuestion. */
export function textFile(path: string, owners: PermissionArgs = {}): Ask<TextFile> {
  const question = { content: 'text', links: 'follow', owners } as const;
  return all({ file: file(path, question), mounts: fileMounts(), who: identity() });
}

/** Its text; `null`: there is no file. @throws Failure HAPB6035 when it is no text file */
export function textOf(path: string, { file: now }: TextFile): string | null {
  if (now.kind === 'absent') return null;
  if (now.kind === 'file' && typeof now.content === 'string') return now.content;
  const what =
    now.kind !== 'file' ? `a ${now.kind}` : now.content === null ? 'longer than 1 MiB' : 'not UTF-8';
  throw new Failure({
    code: 'HAPB6035',
    message: `${path} cannot be edited as text: it is ${what}`,
    hint: 'Give the path of a text file; `copy_file` replaces whole files of any kind.',
    argument: 'path',
  });
}

/** What has to be done so that the file holds `text`; `null`: nothing. New files get 0644 where nothing else is said. */
export function planText(
  path: string,
  text: Text,
  at: { readonly now: TextFile; readonly edit?: TextEdit },
): FilePlan | null {
  const { now, edit = {} } = at;
  const real = now.file.kind === 'file' ? now.file.realPath : path;
  const how = isMounted(real, now) ? 'in-place' : 'rename';
  const mode = edit.mode ?? (now.file.kind === 'absent' ? '0644' : undefined);
  return planFile(
    { ...edit, ...(mode === undefined ? {} : { mode }), path: real, content: text, how },
    now.file,
    now.who,
  );
}

/** Whether something is mounted on the very path, as containers do with single files; it cannot be renamed over. */
export function isMounted(path: string, { mounts: all_ }: TextFile): boolean {
  return all_.some((mount) => mount.path === path);
}

/** Splits a text into lines and what ends each, so that CRLF and a missing final newline survive. */
export function splitLines(text: string): {
  readonly lines: readonly string[];
  readonly newline: string;
  readonly closed: boolean;
} {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const closed = lines.at(-1) === '';
  return { lines: closed ? lines.slice(0, -1) : lines, newline, closed };
}

/** Joins lines; the last one is always ended. */
export function joinLines(lines: readonly string[], newline: string): string {
  return lines.map((line) => line + newline).join('');
}
