import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** Packages on the host that a word names: a name, a version, a pattern, a capability or a file. Empty: none. */
export type RpmState = readonly {
  readonly name: string;
  /** `null`: not foreseen. */
  readonly version: string | null;
}[];

const script = `
command -v rpm >/dev/null || { echo no-rpm; exit 0; }
LC_ALL=C; export LC_ALL
format='%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{ARCH}\\n' word=$1
case $word in
  /*.rpm) word=$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' "$word" 2>/dev/null) || { echo no-file; exit 0; } ;;
esac
case $word in
  *[*?[]*) rpm -qa --qf "$format" "$word" ;;
  *) rpm -q --qf "$format" "$word" 2>/dev/null || rpm -q --whatprovides --qf "$format" "$word" 2>/dev/null ;;
esac
exit 0
`;

/** Packages of rpm by a word. Key `rpm:WORD`. @throws Failure HAPB6370, HAPB6085 */
export function rpmOf(word: string): Ask<RpmState> {
  return question({
    key: `rpm:${word}`,
    reads: word.endsWith('.rpm') ? [`file:${word}`] : [],
    sh: script,
    args: [word],
    parse: (reply) => parse(word, reply),
  });
}

function parse(word: string, { stdout }: ShellReply): RpmState {
  if (stdout.startsWith('no-rpm')) {
    throw new Failure({
      code: 'HAPB6370',
      message: 'the host has no rpm',
      hint: 'dnf is for Fedora and its kin; use `apt` or `package` on Debian.',
    });
  }
  if (stdout.startsWith('no-file')) {
    throw new Failure({
      code: 'HAPB6085',
      message: `${word} is no package file on the host`,
      hint: 'Bring it there first with `copy_file` or `get_url`.',
      argument: 'name',
    });
  }
  return stdout.split('\n').flatMap((line) => {
    const [name = '', version = '', arch] = line.split('|');
    return arch === undefined || name === '' ? [] : [{ name, version: version.replace(/^0:/, '') }];
  });
}

/** Newer versions that the sources offer, by name; `unknown`: dnf has no lists yet. */
export type Upgrades = ReadonlyMap<string, string> | 'unknown';

/** What could be upgraded, of these names; of none: of all. It reads only what dnf keeps (`-C`). Key `rpm-upgrades:NAMES`. */
export function rpmUpgrades(names: readonly string[]): Ask<Upgrades> {
  return question<Upgrades>({
    key: `rpm-upgrades:${names.join(' ')}`,
    reads: ['rpm:*', 'rpm-lists'],
    sh: 'LC_ALL=C dnf -q -C list --upgrades "$@" 2>&1',
    args: names,
    parse: (reply) => parseUpgrades(reply),
  });
}

/** Reads `NAME.ARCH VERSION SOURCE`; long names break into two lines. */
export function parseUpgrades({ stdout, exitCode }: ShellReply): Upgrades {
  if (/cache(-only| is)? .*(not|disabled)|No matching repo|Cache-only enabled but no cache/i.test(stdout))
    return 'unknown';
  const found = new Map<string, string>();
  const words = stdout.replace(/\n[ \t]+/g, ' ');
  for (const line of words.split('\n')) {
    const [, name, version] = /^(\S+)\.[a-z0-9_]+\s+(\S+-\S+)\s+\S+\s*$/.exec(line) ?? [];
    if (name !== undefined && version !== undefined) found.set(name, version);
  }
  return exitCode !== 0 && found.size === 0 && !/No matching [Pp]ackages/.test(stdout) ? 'unknown' : found;
}
