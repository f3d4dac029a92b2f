import type { ShellReply } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** A package on the node. */
export type PackageState =
  | { readonly kind: 'absent'; readonly hold: boolean }
  /** `version: null`: not foreseen. `file`: the path, as apt-get takes it, of what it would be installed from, where that is no list's offer. */
  | {
      readonly kind: 'installed';
      readonly version: string | null;
      readonly hold: boolean;
      readonly file?: string;
    }
  /** Half-installed or half-configured; `status` is dpkg's word. */
  | { readonly kind: 'broken'; readonly status: string; readonly hold: boolean };

const script = `
if ! command -v dpkg-query >/dev/null; then echo no-dpkg; exit 0; fi
LC_ALL=C dpkg-query -W -f '\${Status}|\${Version}\\n' "$1" 2>/dev/null || echo 'unknown ok not-installed|'
`;

const several = `
command -v dpkg-query >/dev/null || exit 1
mark=$1; shift
for name in "$@"; do case $name in *[!A-Za-z0-9.+-]*) exit 1 ;; esac; done
lines=$(LC_ALL=C dpkg-query -W -f '\${Package}|\${Status}|\${Version}\\n' "$@" 2>/dev/null)
set -f
IFS='
'
said=
for name in "$@"; do
  found=
  for line in $lines; do
    case $line in "$name|"*) found="$found\${line#*|}$IFS" ;; esac
  done
  said="$said\${found:-unknown ok not-installed|$IFS}$mark$IFS"
done
printf '%s' "$said"
`;

/** A Debian package. Key `package:NAME`. @throws Failure HAPB6002 where the host has no dpkg */
export function packageOf(name: string): Ask<PackageState> {
  return question({
    key: packageKey(name),
    sh: script,
    several,
    args: [name],
    parse: (reply) => parsePackage(name, reply),
  });
}

/** The name of a package in the vocabulary of asks and effects. */
export function packageKey(name: string): string {
  return `package:${name}`;
}

/** The effect "this package will be so". */
export function packageEffect(name: string, state: PackageState): Effect {
  return { key: packageKey(name), state };
}

function parsePackage(name: string, reply: ShellReply): PackageState {
  if (reply.stdout.startsWith('no-dpkg')) {
    throw new Failure({
      code: 'HAPB6002',
      message: `the state of package ${name} cannot be read: the host has no dpkg`,
      hint: 'Packages are managed on Debian, Ubuntu and their kin; use `command` with the host’s own tool elsewhere.',
    });
  }
  // With several architectures there is a line for each; the installed one counts.
  const lines = reply.stdout.trim().split('\n');
  const line = lines.find((each) => each.includes(' installed|')) ?? lines[0] ?? '';
  const [status = '', version = ''] = line.split('|');
  const [want = '', flag = '', current = ''] = status.split(' ');
  const hold = want === 'hold';
  if (current === 'installed' && flag === 'ok') return { kind: 'installed', version, hold };
  if (current === 'not-installed' || current === 'config-files' || current === '')
    return { kind: 'absent', hold };
  return { kind: 'broken', status: current, hold };
}
