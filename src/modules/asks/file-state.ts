import type { Effect } from '../../core/change.ts';
import type { Text } from '../../core/secret.ts';
import { sha256Of, sizeBytesOf } from '../../core/text-measure.ts';
import { Unknown } from '../../core/unknown.ts';

/** Who may do what with a path. `mode` is octal text with four digits. `owner` and `group`: a name, or the number where it has none. */
export interface Permissions {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** The numbers, where the host was asked; an effect has none. */
  readonly uid?: number;
  readonly gid?: number;
}

/** What is at a path. Nothing is followed, unless the ask says so: a link is a link. */
export type FileState = AbsentFile | RegularFile | Directory | Link | OtherFile;

/** Nothing there. */
export interface AbsentFile {
  readonly kind: 'absent';
}

/** A regular file. */
export interface RegularFile extends Permissions {
  readonly kind: 'file';
  readonly sizeBytes: number;
  /** Lower-case hex; `null`: not asked for, or not foreseen. */
  readonly sha256: string | null;
  /** A string where the bytes are UTF-8, else the bytes. `null`: not asked for, longer than asked for, or not foreseen. */
  readonly content: Text | Uint8Array | null;
  /** Where links lead when the ask follows them; else the path itself. */
  readonly realPath: string;
}

/** A directory. */
export interface Directory extends Permissions {
  readonly kind: 'directory';
}

/** A symbolic link, dangling or not. `target` as it is written in the link. */
export interface Link {
  readonly kind: 'link';
  readonly target: string;
  readonly owner: string;
  readonly group: string;
}

/** A socket, pipe or device. */
export interface OtherFile extends Permissions {
  readonly kind: 'other';
}

/** A regular file with this content, as an ask would find it. */
export function regularFile(path: string, content: Text | Uint8Array, permissions: Permissions): RegularFile {
  return {
    kind: 'file',
    mode: permissions.mode,
    owner: permissions.owner,
    group: permissions.group,
    sizeBytes: sizeBytesOf(content),
    sha256: sha256Of(content),
    content,
    realPath: path,
  };
}

/** The effect "this will be at the path". */
export function fileEffect(path: string, state: FileState): Effect {
  return { key: fileKey(path), state };
}

/** The effect "something will happen to the path, and nobody can say what". `why` ends the sentence "unknown: …". */
export function unforeseenFile(path: string, why: string): Effect {
  return { key: fileKey(path), state: new Unknown(why) };
}

/** The name of a path in the vocabulary of asks and effects. */
export function fileKey(path: string): string {
  return `file:${path}`;
}
