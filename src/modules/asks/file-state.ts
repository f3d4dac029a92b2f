import { isUtf8 } from 'node:buffer';
import type { Effect } from '../../core/change.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { md5Of, sha1Of, sha256Of, sizeBytesOf } from '../../core/text-measure.ts';
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

/** Whether two words, names or numbers, are surely the same user or group: everywhere 0 is root. */
export function isSameAccount(a: string, b: string): boolean {
  const known = (word: string): string => (word === '0' ? 'root' : word);
  return known(a) === known(b);
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
  /** `null`: not foreseen. A host always says it. */
  readonly sizeBytes: number | null;
  /** Lower-case hex; `null`: not asked for, or not foreseen. */
  readonly sha256: string | null;
  /** The same of SHA-1, where the content did not come along. */
  readonly sha1?: string | null;
  /** A string where the bytes are UTF-8, else the bytes. `null`: not asked for, longer than asked for, or not foreseen. */
  readonly content: Text | Uint8Array | null;
  /** Where links lead when the ask follows them; else the path itself. */
  readonly realPath: string;
}

/** A directory. */
export interface Directory extends Permissions {
  readonly kind: 'directory';
  /** What its file system says of it, where the host was asked. */
  readonly sizeBytes?: number;
  /** Whether who asked may put something there, where the host was asked; absent: not known, or so it is. */
  readonly isWritable?: false;
}

/** A symbolic link, dangling or not. `target` as it is written in the link. */
export interface Link {
  readonly kind: 'link';
  readonly target: string;
  readonly owner: string;
  readonly group: string;
  /** What it leads to, where the host was asked; absent: anything else, or nothing. */
  readonly leadsTo?: 'directory';
}

/** A socket, pipe or device. */
export interface OtherFile extends Permissions {
  readonly kind: 'other';
}

/** The same under these permissions. The number of an account that comes to own it is not known, nor what others may do then. */
export function permitted<T extends Permissions>(before: T, { mode, owner, group }: Permissions): T {
  const { uid, gid, isWritable: _, ...rest }: T & Pick<Directory, 'isWritable'> = before;
  return {
    ...rest,
    ...(uid === undefined || owner !== before.owner ? {} : { uid }),
    ...(gid === undefined || group !== before.group ? {} : { gid }),
    mode,
    owner,
    group,
  } as T;
}

/** A regular file with this content, as an ask would find it. */
export function regularFile(path: string, content: Content, permissions: Permissions): RegularFile {
  const known = isDigest(content) ? null : content;
  const digest = digestOf(content);
  return {
    kind: 'file',
    mode: permissions.mode,
    owner: permissions.owner,
    group: permissions.group,
    sha256: digest.sha256,
    sizeBytes: digest.sizeBytes,
    content: known,
    realPath: path,
  };
}

/** Content of a file, or its hash. */
export type Content = Text | Uint8Array | Digest;

/** Whether only the hash is known. */
export function isDigest(content: Content): content is Digest {
  return typeof content === 'object' && !(content instanceof Secret) && !(content instanceof Uint8Array);
}

/** Hash and size of a content. */
export function digestOf(content: Content): Digest {
  if (isDigest(content)) return content;
  return { sha256: sha256Of(content), sizeBytes: sizeBytesOf(content) };
}

/** Content that is not at hand, known by its hash. */
export interface Digest {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly sha1?: string | null;
}

/** SHA-1 of a file that is there; `null`: not known. */
export function sha1OfFile({ content, sha1 }: RegularFile): Text | null {
  return content === null ? (sha1 ?? null) : sha1OfContent(content);
}

/** SHA-1 of a content, secret where that is; `null`: not known. */
export function sha1OfContent(content: Content): Text | null {
  if (isDigest(content)) return content.sha1 ?? null;
  return asSecretAs(content, sha1Of(content));
}

/** MD5 of a content, secret where that is; `null`: it may not be worked out. */
export function md5OfContent(content: Text | Uint8Array): Text | null {
  const sum = md5Of(content);
  return sum === null ? null : asSecretAs(content, sum);
}

function asSecretAs(content: Text | Uint8Array, sum: string): Text {
  return content instanceof Secret ? new Secret(sum, content.label) : sum;
}

/** The effect "this will be at the path". */
export function fileEffect(path: string, state: FileState): Effect {
  return { key: fileKey(path), state };
}

/** The effect "something will happen to the path, and nobody can say what". `why` ends the sentence "unknown: …". */
export function unforeseenFile(path: string, why: string): Effect {
  return { key: fileKey(path), state: new Unknown(why) };
}

/** The effect "this will be so of everything below the folder": all gone, or nobody can say. */
export function belowEffect(folder: string, state: AbsentFile | Unknown): Effect {
  return { key: `${fileKey(folder.replace(/\/$/, ''))}/*`, state };
}

/** The effect "this path may lead there", which no question sees. */
export function leadsEffect(path: string, target: string): Effect {
  return { key: `leads:${path}`, state: { kind: 'link', target } };
}

/** The effect "this path is another name of that file", which no question sees. */
export function twinEffect(path: string, other: string): Effect {
  return { key: `twin:${path}`, state: other };
}

/** The name of a path in the vocabulary of asks and effects. */
export function fileKey(path: string): string {
  return `file:${path}`;
}

/** A string where the bytes are UTF-8, else the bytes. */
export function textOrBytes(bytes: Buffer): string | Uint8Array {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
