import { type Change, known } from '../../core/change.ts';
import type { Output } from '../../core/value.ts';
import type { Identity } from '../asks/account.ts';
import type { FileState } from '../asks/file-state.ts';
import type { PermissionArgs } from './file-arguments.ts';
import type { Attributes } from './file-attributes.ts';
import type { FileTimes } from './file-time.ts';
import type { TreeEntry } from './file-tree.ts';

/** What `file` can make of a path. */
export type PathKind = 'file' | 'directory' | 'absent' | 'link' | 'touch' | 'hard';

/** Arguments of `file`. */
export interface FileArgs extends PermissionArgs {
  readonly path: string;
  readonly state?: PathKind;
  readonly src?: string;
  readonly recurse?: boolean;
  readonly force?: boolean;
  readonly follow?: boolean;
  readonly attributes?: string;
  readonly access_time?: string;
  readonly access_time_format?: string;
  readonly modification_time?: string;
  readonly modification_time_format?: string;
}

/** What `file` asks. */
export interface FileModuleState {
  readonly now: FileState;
  readonly who: Identity;
  readonly below: readonly TreeEntry[];
  /** The folders above a directory, from the top. */
  readonly above: readonly { readonly path: string; readonly state: FileState }[];
  /** What `src` is; `null`: there is no src. */
  readonly source: FileState | null;
  readonly sameInode: boolean;
  /** Absent or `null`: no time was wished for. */
  readonly times?: FileTimes | null;
  /** Absent or `null`: no attributes were wished for. */
  readonly attributes?: Attributes | null;
}

/** What `file` is about to do. */
export interface FileChange extends Change {
  readonly args: FileArgs;
  readonly kind: PathKind;
  /** Set on the path itself; `null`: nothing to set. */
  readonly mode: string | null;
  /** What a link is to lead to; absent: it does already. */
  readonly target?: string;
  /** Permissions for what a link leads to; `null`: nothing to set. */
  readonly beyond: PermissionArgs | null;
  /** What touch(1) is to do with the access time and the modification time; `null`: nothing. */
  readonly times: readonly [string, string] | null;
  /** What chattr(1) is to do; `null`: nothing. */
  readonly attributes: string | null;
  readonly result: Output;
  /** Folders above a directory that are made with it, from the top. */
  readonly above: readonly { readonly path: string; readonly mode: string }[];
}

type Usual = 'above' | 'beyond' | 'times' | 'attributes';

/** A change of a path. */
export function pathChange(
  args: FileArgs,
  rest: Omit<FileChange, 'args' | 'forecast' | Usual> & Partial<Pick<FileChange, Usual>>,
): FileChange {
  return { above: [], beyond: null, times: null, attributes: null, ...rest, args, forecast: known };
}
