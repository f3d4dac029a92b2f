import type { Edit } from '../../core/change.ts';
import {
  differs,
  type FileTimes,
  noTime,
  readTime,
  type TimeWish,
  touchWord,
  usualTimeFormat,
} from './file-time.ts';
import type { FileArgs, PathKind } from './path-change.ts';
import { refused } from './refused.ts';

/** What becomes of a path's two times. */
export interface TimePlan {
  /** What touch(1) is to do with the access time and the modification time; `null`: nothing. */
  readonly words: readonly [string, string] | null;
  readonly edit: Edit | null;
}

/** The times that a task wishes; `null`: it is written wrongly. */
export function timeWishes(args: FileArgs): {
  readonly access: TimeWish | null;
  readonly modification: TimeWish | null;
} {
  const usual = args.state === 'touch' ? 'now' : 'preserve';
  return {
    access: readTime(args.access_time ?? usual, args.access_time_format ?? usualTimeFormat),
    modification: readTime(args.modification_time ?? usual, args.modification_time_format ?? usualTimeFormat),
  };
}

/** What has to be done to the times of a file or folder. @throws Failure HAPB6006 when a time is none, HAPB6007 */
export function planTimes(
  args: FileArgs,
  kind: PathKind,
  at: { readonly times: FileTimes | null; readonly isThere: boolean },
): TimePlan {
  const { access, modification } = timeWishes(args);
  if (access === null) throw noTime('access_time', args.access_time ?? '', args.access_time_format);
  if (modification === null)
    throw noTime('modification_time', args.modification_time ?? '', args.modification_time_format);
  const names = [access, modification].flatMap((wish, index) =>
    wish === 'preserve' ? [] : [index === 0 ? 'access_time' : 'modification_time'],
  );
  const [name] = names;
  const nothing: TimePlan = { words: null, edit: null };
  if (name === undefined || kind === 'absent') return nothing;
  if (kind === 'link' || kind === 'hard' || args.recurse === true) {
    throw refused(
      name,
      args.recurse === true ? 'it is not set below a folder' : 'links get no times of their own',
      args.recurse === true
        ? 'Use `command: find … -exec touch` with changed_when for what is below.'
        : 'Set the times of what it leads to in a task of its own.',
    );
  }
  const now = at.times ?? { access: null, modification: null, wishedAccess: null, wishedModification: null };
  const due =
    !at.isThere ||
    differs(access, now.access, now.wishedAccess) ||
    differs(modification, now.modification, now.wishedModification);
  if (!due) return nothing;
  const lines = [
    ...timeLine('access', [now.access, now.wishedAccess]),
    ...timeLine('modification', [now.modification, now.wishedModification]),
  ];
  const text = (which: 'before' | 'after'): string => lines.map((line) => `${line[which]}\n`).join('');
  return {
    words: [touchWord(access), touchWord(modification)],
    edit:
      lines.length === 0 || !at.isThere
        ? null
        : { subject: args.path, before: text('before'), after: text('after') },
  };
}

function timeLine(
  name: string,
  [now, wished]: readonly [number | null, number | null],
): readonly { readonly before: string; readonly after: string }[] {
  if (now === null || wished === null || now === wished) return [];
  const line = (seconds: number): string => `${name} time: ${new Date(seconds * 1000).toISOString()}`;
  return [{ before: line(now), after: line(wished) }];
}
