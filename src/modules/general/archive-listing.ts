import type { ShellReply } from '../../connection/connection.ts';
import { quote } from '../../connection/quote.ts';
import { type Ask, question } from '../ask.ts';

/** How an archive is packed. */
export type ArchiveFormat = 'zip' | 'tar' | 'gz' | 'bz2' | 'xz' | 'zst';

/** One thing in an archive. */
export interface Member {
  /** Relative, without a slash at its end. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hard' | 'other';
  /** Octal text with four digits; `null`: the archive does not say. */
  readonly mode: string | null;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Of a link; `null`: not known, or no link. */
  readonly target: string | null;
  /** Names or numbers, as they stand in the archive; empty: it does not say. */
  readonly owner: string;
  readonly group: string;
}

/** What is at the archive's path. */
export type Archive =
  | { readonly kind: 'none'; readonly tried: readonly string[] }
  | { readonly kind: 'unreadable'; readonly path: string }
  | {
      readonly kind: 'archive';
      readonly path: string;
      readonly format: ArchiveFormat;
      readonly sizeBytes: number;
      /** `null`: the programs there cannot list it. */
      readonly members: readonly Member[] | null;
      /** What the program that lists it complained about; empty: nothing. */
      readonly complaint: string;
    };

/** Which members are meant, in the words of tar and unzip. */
export interface MemberChoice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Further words of tar or unzip. */
  readonly options: readonly string[];
}

/** Words that choose members, for tar: before and after `-f ARCHIVE`. */
export function tarWords(choice: MemberChoice): { readonly before: string; readonly after: string } {
  const options = choice.options.length === 0 ? [] : ['--show-transformed-names', ...choice.options];
  const excludes = choice.exclude.map((pattern) => `--exclude=${pattern.replace(/\/+$/, '')}`);
  return { before: words([...options, ...excludes]), after: words(choice.include) };
}

/** Words that choose members, for unzip, behind the archive. */
export function unzipWords(choice: MemberChoice): string {
  return words([...choice.include, ...(choice.exclude.length === 0 ? [] : ['-x', ...choice.exclude])]);
}

function words(list: readonly string[]): string {
  return list.map((word) => quote(word)).join(' ');
}

/** A shell function that sets `format`, `flag` (for tar) and `program` (that unpacks it) from the first bytes of $1. */
export const formatFunction = `
format_of() {
  flag= program=
  case $(od -An -tx1 -N6 "$1" | tr -d ' \\n') in
    504b*) format=zip program=unzip ;;
    1f8b*) format=gz flag=-z program=gzip ;;
    425a68*) format=bz2 flag=-j program=bzip2 ;;
    fd377a585a00) format=xz flag=-J program=xz ;;
    28b52ffd*) format=zst flag=--use-compress-program=zstd program=zstd ;;
    *) format=tar ;;
  esac
}
`;

// TZ: both programs print local time.
function script(choice: MemberChoice): string {
  const tar = tarWords(choice);
  return `${formatFunction}
LC_ALL=C TZ=UTC0; export LC_ALL TZ
found=
for p in "$@"; do if [ -f "$p" ]; then found=$p; break; fi; done
[ -n "$found" ] || { echo none; exit 0; }
[ -r "$found" ] || { printf 'unreadable\\n%s\\n' "$found"; exit 0; }
format_of "$found"
printf 'archive\\n%s\\n%s %s\\n' "$found" "$format" "$(($(wc -c <"$found")))"
if [ "$format" = zip ]; then
  unzip -ZTs "$found" ${unzipWords(choice)} 2>&1; echo "end $?"
else
  how=; case $(tar --version 2>/dev/null) in *GNU*) how='--full-time --quoting-style=literal' ;; esac
  tar -tv $flag $how ${tar.before} -f "$found" ${tar.after} 2>&1; echo "end $?"
fi
`;
}

/** The first of some paths that is an archive, with what is in it. Key `archive:PATH`. */
export function archiveListing(paths: readonly string[], choice: MemberChoice): Ask<Archive> {
  return question({
    key: `archive:${paths.join(':')}:${JSON.stringify(choice)}`,
    reads: paths.map((path) => `file:${path}`),
    sh: script(choice),
    args: paths,
    maxOutputBytes: 33_554_432,
    parse: (reply) => parse(reply, paths),
  });
}

function parse(reply: ShellReply, tried: readonly string[]): Archive {
  const [kind, path = '', about = '', ...lines] = reply.stdout.replace(/\n$/, '').split('\n');
  if (kind === 'unreadable') return { kind, path };
  if (kind !== 'archive') return { kind: 'none', tried };
  const [format = 'tar', size = '0'] = about.split(' ');
  const base = { kind, path, format: format as ArchiveFormat, sizeBytes: Number(size) } as const;
  const code = /^end (\d+)$/.exec(lines.at(-1) ?? '')?.[1];
  const listed = lines.slice(0, -1);
  const members = listed.flatMap(format === 'zip' ? zipMember : tarMember);
  // unzip ends with 1 for warnings; a listing in a form that we do not know has no members at all.
  const fine = code === '0' || (format === 'zip' && code === '1');
  if (!fine || members.length === 0 || reply.droppedBytes > 0) {
    return { ...base, members: null, complaint: fine ? '' : listed.slice(-5).join('\n') };
  }
  return { ...base, members, complaint: '' };
}

const tarKinds: Readonly<Record<string, Member['kind']>> = {
  '-': 'file',
  d: 'directory',
  l: 'link',
  h: 'hard',
};

function tarMember(line: string): readonly Member[] {
  const match =
    /^([-dlhbcpC])([rwxsStT-]{9})\S? +([^/\s]*)\/(\S*) +(\d+|\d+,\d+) (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?\S* (.*)$/.exec(
      line,
    );
  if (match === null) return [];
  const [, type = '', mode = '', owner = '', group = '', size = '', ...rest] = match;
  const kind = tarKinds[type] ?? 'other';
  const text = rest.at(-1) ?? '';
  const [name = '', target = null] =
    kind === 'link' ? text.split(/ -> (.*)$/s) : kind === 'hard' ? text.split(/ link to (.*)$/s) : [text];
  const clean = plainName(name);
  if (clean === '') return [];
  const sizeBytes = kind === 'file' ? Number(size) : 0;
  return [{ name: clean, kind, mode: octalOf(mode), sizeBytes, mtime: timeOf(rest), target, owner, group }];
}

function zipMember(line: string): readonly Member[] {
  const match =
    /^([-dl?])([rwxsStTaAhHl.-]{6,9}) +[\d.]+ +(\S+) +(\d+) +\S+ +\S+ +(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d) (.*)$/.exec(
      line,
    );
  if (match === null) return [];
  const [, type = '', mode = '', system = '', size = '', ...rest] = match;
  const path = rest.at(-1) ?? '';
  const kind = type === 'l' ? 'link' : type === 'd' || path.endsWith('/') ? 'directory' : 'file';
  const name = plainName(path);
  if (name === '') return [];
  return [
    {
      name,
      kind,
      mode: system === 'unx' && mode.length === 9 ? octalOf(mode) : null,
      sizeBytes: kind === 'file' ? Number(size) : 0,
      mtime: timeOf(rest),
      target: null,
      owner: '',
      group: '',
    },
  ];
}

function timeOf([year, month, day, hour, minute, second]: readonly (string | undefined)[]): number {
  return (
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second ?? 0),
    ) / 1000
  );
}

/** Neither the leading slash nor `./` is part of where it goes, nor a slash at the end. */
function plainName(name: string): string {
  return name
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function octalOf(text: string): string {
  let mode = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter !== '-' && letter !== 'S' && letter !== 'T') mode |= 0o400 >> index;
    if (/[sS]/.test(letter)) mode |= index === 2 ? 0o4000 : 0o2000;
    if (/[tT]/.test(letter)) mode |= 0o1000;
  }
  return mode.toString(8).padStart(4, '0');
}
