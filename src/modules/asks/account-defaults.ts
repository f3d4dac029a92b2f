import { type Ask, question } from '../ask.ts';
import { textOrBytes } from './file-state.ts';

/** What useradd does where nothing else is said: login.defs(5), useradd(8). */
export interface AccountDefaults {
  /** Whether a new user gets a group of its own name, which goes with it. */
  readonly ownGroup: boolean;
  /** Number or name of the group of those who get none of their own. */
  readonly group: string;
  /** Folder of home directories. */
  readonly base: string;
  readonly shell: string;
  /** Mode of a new home directory, octal text with four digits. */
  readonly homeMode: string;
  /** Days between changes of a password, until it must be changed, and of warning before; of accounts of people. */
  readonly ageing: { readonly minDays: number; readonly maxDays: number; readonly warnDays: number };
  readonly skeleton: Skeleton;
}

/** What new home directories are a copy of. */
export interface Skeleton {
  readonly path: string;
  /** What is in it, by paths below it, without folders. `content: null`: not asked for, longer than 64 KiB, or a link. */
  readonly files: readonly {
    readonly path: string;
    readonly mode: string;
    readonly content: string | Uint8Array | null;
  }[];
}

/** Tools that accounts are made with, of the package passwd or shadow; `no-useradd` where they are missing. */
export type AccountTools = AccountDefaults | 'no-useradd';

const script = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
command -v useradd >/dev/null || { echo no-useradd; exit 0; }
if [ -r /etc/default/useradd ]; then grep -E '^(GROUP|HOME|SHELL|SKEL)=' /etc/default/useradd; fi
grep -E '^(USERGROUPS_ENAB|HOME_MODE|UMASK|PASS_MIN_DAYS|PASS_MAX_DAYS|PASS_WARN_AGE)[[:space:]]' /etc/login.defs 2>/dev/null
echo @skeleton
skeleton=$1
[ -n "$skeleton" ] || skeleton=$(sed -n 's/^SKEL=//p' /etc/default/useradd 2>/dev/null)
[ -n "$skeleton" ] || skeleton=/etc/skel
echo "$skeleton"
cd "$skeleton" 2>/dev/null || exit 0
find . ! -type d | while IFS= read -r f; do
  echo "$(stat -c %a "$f") $f"
  # Only a new account gets a copy.
  if [ -f "$f" ] && ! [ -L "$f" ] && [ "$(wc -c <"$f")" -le 65536 ] && ! id "$2" >/dev/null 2>&1; then
    printf '=%s\\n' "$(base64 <"$f" | tr -d '\\n')"
  fi
done
exit 0
`;

/**
 * What a new account gets. `skeleton`: another folder than the host's own; empty: that one.
 * Key `account-defaults:SKELETON:NAME`.
 */
export function accountDefaults(skeleton: string, name: string): Ask<AccountTools> {
  return question<AccountTools>({
    key: `account-defaults:${skeleton}:${name}`,
    reads: ['file:/etc/login.defs', 'file:/etc/default/useradd', 'file:/etc/skel*', 'package:passwd'],
    sh: script,
    args: [skeleton, name],
    parse: (reply) => (reply.stdout.startsWith('no-useradd') ? 'no-useradd' : parse(reply.stdout)),
  });
}

function parse(text: string): AccountDefaults {
  const [settings = '', below = ''] = text.split('@skeleton\n');
  const values = new Map(
    settings.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\w+)[=\s]\s*(.*?)\s*$/.exec(line) ?? [];
      return [name, value.replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  const [path = '', ...lines] = below.split('\n').filter((line) => line !== '');
  const files: { path: string; mode: string; content: string | Uint8Array | null }[] = [];
  for (const line of lines) {
    const last = files.at(-1);
    const [, fileMode = '', file = ''] = /^(\d+) (?:[.]\/)?(.*)$/.exec(line) ?? [];
    if (line.startsWith('=') && last !== undefined)
      last.content = textOrBytes(Buffer.from(line.slice(1), 'base64'));
    else files.push({ path: file, mode: fileMode.padStart(4, '0'), content: null });
  }
  const umask = Number.parseInt(values.get('UMASK') ?? '022', 8);
  const mode = values.get('HOME_MODE') ?? (0o777 & ~umask).toString(8);
  return {
    ownGroup: values.get('USERGROUPS_ENAB') === 'yes',
    group: values.get('GROUP') ?? '100',
    base: values.get('HOME') ?? '/home',
    shell: values.get('SHELL') ?? '',
    homeMode: mode.padStart(4, '0'),
    ageing: {
      minDays: Number(values.get('PASS_MIN_DAYS') ?? -1),
      maxDays: Number(values.get('PASS_MAX_DAYS') ?? -1),
      warnDays: Number(values.get('PASS_WARN_AGE') ?? -1),
    },
    skeleton: { path, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) },
  };
}
