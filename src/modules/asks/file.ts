import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { sha256Of } from '../../core/text-measure.ts';
import { type Ask, question } from '../ask.ts';
import { type FileState, fileKey, isSameAccount, textOrBytes } from './file-state.ts';

/** How much of a file an ask wants. */
export interface FileQuestion {
  /** `text`: the content too, whatever it is; `hash`: its SHA-256; `none`: neither. */
  readonly content: 'none' | 'text' | 'hash';
  /** Longer files come without content, only with their hash. The default is 1 MiB. */
  readonly maxContentBytes?: number;
  /** Content is left out where the file has this SHA-256 already: saves sending it. */
  readonly unlessSha256?: string;
  /** `follow`: what a link leads to is described instead of the link. `replace`: the link, but what it leads to matters too. */
  readonly links?: 'follow' | 'keep' | 'replace';
  /** The path of what it lies in, where that may well be a file: saves looking for what cannot be there. */
  readonly folder?: string;
  /** What its owner and group are compared with, names or numbers. */
  readonly owners?: { readonly owner?: string; readonly group?: string };
}

/** The beginning of an if that sets `sum` of a large `$p` of `$size`: openssl is four times as fast as sha256sum, and slow to start. */
export const quickSum =
  'if [ "$size" -gt 4194304 ] && sum=$(openssl dgst -sha256 -r <"$p" 2>/dev/null); then :';

// First line: kind mode owner group uid gid size sha256 sha1; then the content (text, base64 or hex) or the link's target.
// `given`: what stat has said already; empty: it is to be asked.
const describe = `
LC_ALL=C; export LC_ALL
newline='
'
# Sets text to what $p holds, of so many bytes, where that is short and plain: by the shell alone, which costs less than a program.
small() {
  [ "$1" -gt 0 ] && [ "$1" -le 1024 ] || return 1
  text= line=
  while IFS= read -r line; do
    text=$text$line$newline
    [ "\${#text}" -le "$1" ] || return 1
  done 2>/dev/null <"$p" || return 1
  text=$text$line
  # A shell drops what it cannot hold, such as NUL.
  [ "\${#text}" = "$1" ] || return 1
  case $text in *[!"\t$newline"\\ -~]*) return 1 ;; esac
}
# What busybox tells of it is only the mode: nothing of access lists and capabilities.
may_not() { ! [ -w "$p" ] && case $(readlink /proc/$$/exe) in */busybox*) false ;; esac; }
describe() {
  p=$1 want=$2 max=$3 unless=$4 in=$6
  # In what is no folder there is nothing, and no program is needed to say so.
  if [ -n "$in" ] && [ -f "$in" ]; then echo absent; return; fi
  if [ "$5" = follow ] && [ -L "$p" ] && r=$(readlink -f "$p"); then p=$r; fi
  if [ -n "$given" ]; then m=$given
  elif ! m=$(stat -c '%a %U %G %u %g %s' "$p" 2>&1); then
    case $m in
      *[Pp]'ermission denied'*) echo denied ;;
      *'o such file'*|*'ot a directory'*) echo absent ;;
      *) printf 'error\\n%s\\n' "$m" ;;
    esac
    return 0
  fi
  if [ -L "$p" ]; then [ -d "$p" ] && m="$m d"; printf 'link %s -\\n' "$m"; readlink "$p"; return 0; fi
  if [ -d "$p" ]; then may_not && m="$m r"; printf 'directory %s -\\n' "$m"; return; fi
  if [ ! -f "$p" ]; then printf 'other %s -\\n' "$m"; return; fi
  if [ "$want" = none ]; then printf 'file %s -\\n%s\\n' "$m" "$p"; return; fi
  if ! [ -r "$p" ]; then echo denied; return; fi
  size=\${m##* } sum=- sum1=-
  if [ "$want" = hash ] || [ -n "$unless" ] || [ "$size" -gt "$max" ]; then
    ${quickSum}
    elif command -v sha256sum >/dev/null; then sum=$(sha256sum <"$p"); else sum=$(openssl dgst -sha256 -r <"$p"); fi || return 1
    sum=\${sum%% *}
    if command -v sha1sum >/dev/null; then sum1=$(sha1sum <"$p"); sum1=\${sum1%% *}; fi
  fi
  printf 'file %s %s %s\\n%s\\n' "$m" "$sum" "$sum1" "$p"
  if [ "$want" = hash ] || [ "$size" -gt "$max" ] || [ "$sum" = "$unless" ]; then return 0; fi
  if small "$size"; then printf 'text\\n%s\\n' "$text"
  elif command -v base64 >/dev/null; then echo base64; base64 <"$p"; else echo hex; od -An -v -tx1 <"$p"; fi
}
`;

const script = `${describe}
given=
describe "$@"
`;

// One stat for all that is there. Where something goes meanwhile, each is asked for itself.
const several = `${describe}
mark=$1; shift
there= lines=
look() {
  left=$(($# / 6))
  while [ "$left" -gt 0 ]; do
    left=$((left - 1)) p=$1 links=$5; shift 6
    if [ -L "$p" ] && [ "$links" = follow ]; then there="\${there}n"
    elif [ -e "$p" ] || [ -L "$p" ]; then there="\${there}y"; set -- "$@" "$p"
    else there="\${there}n"
    fi
  done
  [ "$#" = 0 ] || lines=$(stat -c '%a %U %G %u %g %s' "$@" 2>/dev/null) || lines=
}
describe_all() {
  while [ "$#" -gt 0 ]; do
    given=
    case $there in y*) given=\${lines%%"$newline"*} lines=\${lines#*"$newline"} ;; esac
    there=\${there#?}
    describe "$@" || return 1
    printf '%s\\n' "$mark"
    shift 6
  done
}
look "$@"
# Said at once: each piece would travel for itself.
said=$(describe_all "$@") || exit 1
printf '%s\\n' "$said"
`;

/** What is at an absolute path. Key `file:PATH`. @throws Failure HAPB6001 when it may not be looked at */
export function file(path: string, ask: FileQuestion): Ask<FileState> {
  const max = ask.maxContentBytes ?? 1_048_576;
  return question<FileState>({
    key: fileKey(path),
    sh: script,
    several,
    args: [path, ask.content, String(max), ask.unlessSha256 ?? '', linksOf(ask), ask.folder ?? ''],
    maxOutputBytes: ask.content === 'text' ? max * 3 + 16_384 : 16_384,
    parse: (reply) => parseFile(path, reply),
    covers: (foreseen) => covers(foreseen, ask),
    links: ask.links === 'replace' ? 'follow' : linksOf(ask),
  });
}

function linksOf({ links }: FileQuestion): 'follow' | 'keep' {
  return links === 'follow' ? links : 'keep';
}

function covers(foreseen: FileState, ask: FileQuestion): boolean {
  if (foreseen.kind !== 'absent' && foreseen.kind !== 'link') {
    const { owner, group } = ask.owners ?? {};
    if (!isComparable(owner, foreseen.owner, foreseen.uid)) return false;
    if (!isComparable(group, foreseen.group, foreseen.gid)) return false;
  }
  if (foreseen.kind === 'link') return ask.links === undefined || ask.links === 'keep';
  if (foreseen.kind !== 'file' || ask.content === 'none') return true;
  if (ask.content === 'hash') return foreseen.sha256 !== null && foreseen.sizeBytes !== null;
  if (foreseen.sha256 !== null && foreseen.sha256 === ask.unlessSha256) return true;
  return typeof foreseen.content === 'string' || foreseen.content instanceof Uint8Array;
}

/** Of an account that a task before names by its number, only the host knows the name, and the other way round. */
function isComparable(wanted: string | undefined, foreseen: string, id: number | undefined): boolean {
  if (wanted === undefined || id !== undefined || isSameAccount(wanted, foreseen)) return true;
  return /^\d+$/.test(wanted) === /^\d+$/.test(foreseen);
}

function parseFile(path: string, reply: ShellReply): FileState {
  const [header = '', ...lines] = reply.stdout.split('\n');
  const [kind, mode = '', owner = '', group = '', uid = '', gid = '', size = '', sum = '-', sum1 = '-'] =
    header.split(' ');
  const who = { owner: owner === 'UNKNOWN' ? uid : owner, group: group === 'UNKNOWN' ? gid : group };
  const permissions = { mode: mode.padStart(4, '0'), ...who, uid: Number(uid), gid: Number(gid) };
  switch (kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'directory':
      return {
        kind,
        ...permissions,
        sizeBytes: Number(size),
        ...(sum === 'r' ? { isWritable: false } : {}),
      };
    case 'other':
      return { kind, ...permissions };
    case 'link':
      return {
        kind: 'link',
        target: lines.slice(0, -1).join('\n'),
        ...who,
        ...(sum === 'd' ? { leadsTo: 'directory' } : {}),
      };
    case 'file': {
      const content = decode(lines.slice(1));
      const sha256 = sum !== '-' ? sum : content === null ? null : sha256Of(content);
      const realPath = lines[0] ?? path;
      return {
        kind: 'file',
        ...permissions,
        sizeBytes: Number(size),
        sha256,
        ...(sum1 === '-' ? {} : { sha1: sum1 }),
        content: content === null ? null : textOrBytes(content),
        realPath,
      };
    }
    case 'denied':
      throw new Failure({
        code: 'HAPB6001',
        message: `${path} may not be read by this user`,
        hint: 'Add `become: true` to the task, or give the user access.',
      });
    default:
      throw new Failure({
        code: 'HAPB6001',
        message: `${path} cannot be looked at: ${lines[0] || reply.stderr.trim() || `exit code ${reply.exitCode}`}`,
        hint: 'Check the path on the host; it may be on a broken or unreachable file system.',
      });
  }
}

function decode(lines: readonly string[]): Buffer | null {
  const [encoding, ...data] = lines;
  if (encoding === 'base64') return Buffer.from(data.join(''), 'base64');
  if (encoding === 'text') return Buffer.from(data.slice(0, -1).join('\n'), 'utf8');
  if (encoding === 'hex') return Buffer.from(data.join('').replaceAll(' ', ''), 'hex');
  return null;
}
