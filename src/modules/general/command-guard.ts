import { type Ask, all, map, question } from '../ask.ts';
import { type FileState, fileKey } from '../asks/file-state.ts';
import type { ArgSchema } from '../module.ts';

/** `creates` and `removes` of the command modules. */
export interface GuardArgs {
  readonly creates?: string;
  readonly removes?: string;
  readonly chdir?: string;
}

/** Which of the two is there; `null`: not asked. */
export interface GuardState {
  readonly creates: boolean | null;
  readonly removes: boolean | null;
}

/** The arguments `creates`, `removes` and `chdir`. */
export const guardArguments: Readonly<Record<string, ArgSchema>> = {
  creates: {
    type: 'string',
    changes: 'file',
    hostPath: 'always',
    description: 'A path or glob pattern. Where something matches, the command is not run.',
  },
  removes: {
    type: 'string',
    changes: 'file',
    hostPath: 'always',
    description: 'A path or glob pattern. Where nothing matches, the command is not run.',
  },
  chdir: {
    type: 'string',
    hostPath: 'always',
    description: 'Folder to run in; the guards are relative to it.',
  },
};

// An empty IFS keeps blanks in the pattern together; globbing still happens.
const script = `
if [ -n "$2" ]; then cd "$2" 2>/dev/null || { echo no; exit 0; }; fi
p=$1 IFS=
set -- $p
for f in "$@"; do if [ -e "$f" ] || [ -L "$f" ]; then echo yes; exit 0; fi; done
echo no
`;

function matches(pattern: string | undefined, chdir: string): Ask<boolean | null> {
  if (pattern === undefined) return { queries: [], decode: () => null };
  const path = pattern.startsWith('/') ? pattern : `${chdir}/${pattern}`;
  const isAbsolute = pattern.startsWith('/') || chdir.startsWith('/');
  if (isAbsolute && !/[*?[\\]/.test(path)) return isThere(path, [pattern, chdir]);
  return question({
    key: `glob:${path}`,
    reads: [`file:${path.replace(/[*?[].*$/, '')}*`],
    sh: script,
    args: [pattern, chdir],
    parse: (reply) => reply.stdout.trim() === 'yes',
  });
}

/** Of one path a check may have foreseen what is there. */
function isThere(path: string, args: readonly string[]): Ask<boolean> {
  const found = question<Pick<FileState, 'kind'>>({
    key: fileKey(path),
    sh: script,
    args,
    parse: (reply) => ({ kind: reply.stdout.trim() === 'yes' ? 'other' : 'absent' }),
  });
  return map(found, ({ kind }) => kind !== 'absent');
}

/** Asks for both guards. */
export function guards(args: GuardArgs): Ask<GuardState> {
  const chdir = args.chdir ?? '';
  return all({ creates: matches(args.creates, chdir), removes: matches(args.removes, chdir) });
}

/** Why the command needs not run; `null`: it must. */
export function notNeeded(args: GuardArgs, state: GuardState): string | null {
  if (state.creates === true) return `skipped, since ${args.creates ?? ''} exists`;
  if (state.removes === false) return `skipped, since ${args.removes ?? ''} does not exist`;
  return null;
}
