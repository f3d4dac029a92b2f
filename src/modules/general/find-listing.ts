import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** One thing that find(1) came upon; nothing is followed. */
export interface Found {
  readonly path: string;
  /** Type and permissions together, as the kernel keeps them. */
  readonly rawMode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  readonly sizeBytes: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  /** Seconds since 1970, with their fraction. */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  /** Lower-case hex; `null`: not asked for, or no regular file that may be read. */
  readonly checksum: string | null;
}

/** What find(1) says of one folder. */
export interface Listing {
  readonly kind: 'folder' | 'other';
  readonly found: readonly Found[];
  /** How many names were looked at. */
  readonly examined: number;
  /** The host's clock, in seconds; 0 when not asked for. */
  readonly now: number;
  /** What could not be looked at, with the reason. */
  readonly denied: Readonly<Record<string, string>>;
}

/** What to look for below a folder. */
export interface ListingQuestion {
  readonly maxDepth: number;
  /** How deep is counted. */
  readonly countDepth: number;
  readonly links: 'follow' | 'keep';
  /** Words of find(1) that leave names out. */
  readonly filter: readonly string[];
  /** Which program sums files up, such as `sha1sum`; `null`: none. */
  readonly sums: string | null;
  readonly clock: 'asked' | 'no';
}

// busybox gives whole seconds where others give fractions, and nothing for the year 1970's first one. Each
// record begins with a control character, so that a newline in a name does not end it.
const script = `
LC_ALL=C; export LC_ALL
p=$1 max=$2 count=$3 sums=$4
follow=; [ "$5" = keep ] || follow=-L
clock=$6
shift 6
[ -d "$p" ] || { echo other; exit 0; }
[ "$clock" = no ] || clock=$(date +%s)
n=$(find $follow "$p" -mindepth 1 -maxdepth "$count" 2>/dev/null | wc -l)
mark=$(printf '\\001')
printf 'folder %s %s\\n' "$((n))" "$clock"
find $follow "$p" -mindepth 1 -maxdepth "$max" "$@" -exec stat -c "$mark%f %u %g %U %G %s %i %d %h %.X %.Y %.Z %n" {} +
if [ -n "$sums" ]; then
  printf '\\002\\n'
  find $follow "$p" -mindepth 1 -maxdepth "$max" "$@" -type f -exec "$sums" {} + 2>/dev/null
fi
exit 0
`;

const maxOutputBytes = 33_554_432;

/** What lies below a folder. Key `find:PATH`. @throws Failure HAPB6200 when it is more than can be sent */
export function listing(path: string, ask: ListingQuestion): Ask<Listing> {
  const { maxDepth, countDepth, links, filter, sums, clock } = ask;
  const base = path.replace(/\/+$/, '');
  return question({
    key: `find:${path}`,
    reads: [`file:${base}`, `file:${base}/*`],
    sh: script,
    args: [base || '/', String(maxDepth), String(countDepth), sums ?? '', links, clock, ...filter],
    maxOutputBytes,
    parse: (reply) => {
      if (reply.droppedBytes === 0) return parse(reply.stdout, reply.stderr);
      throw new Failure({
        code: 'HAPB6200',
        message: `too much lies below ${path} to list it`,
        hint: 'Look in a smaller folder, or narrow the search with `patterns`, `depth` or `file_type`.',
        argument: 'paths',
      });
    },
  });
}

function parse(stdout: string, stderr: string): Listing {
  const end = stdout.indexOf('\n');
  const [kind, examined = '0', now = '0'] = stdout.slice(0, end).split(' ');
  if (kind !== 'folder') return { kind: 'other', found: [], examined: 0, now: 0, denied: {} };
  const [records = '', sums = ''] = stdout.slice(end + 1).split('\u0002\n');
  const bySum = new Map(
    sums.split('\n').flatMap((line) => {
      const [, hash, name] = /^\\?([0-9a-f]+) [ *](.*)$/.exec(line) ?? [];
      return hash === undefined || name === undefined ? [] : [[name, hash] as const];
    }),
  );
  const found = records.split('\u0001').flatMap((record) => parseRecord(record.replace(/\n$/, ''), bySum));
  return { kind, found, examined: Number(examined), now: Number(now) || 0, denied: deniedOf(stderr) };
}

function parseRecord(record: string, sums: ReadonlyMap<string, string>): readonly Found[] {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\S+) (\S+) ((?:\d+ ){4}(?:[\d.]* ){3})([\s\S]+)$/.exec(record);
  if (match === null) return [];
  const [, mode = '', uid = '', gid = '', owner = '', group = '', numbers = '', path = ''] = match;
  const [size = 0, inode = 0, device = 0, links = 0, atime = 0, mtime = 0, ctime = 0] = numbers
    .trim()
    .split(' ')
    .map(Number);
  return [
    {
      path,
      rawMode: Number.parseInt(mode, 16),
      uid: Number(uid),
      gid: Number(gid),
      owner: owner === 'UNKNOWN' ? '' : owner,
      group: group === 'UNKNOWN' ? '' : group,
      sizeBytes: size,
      inode,
      device,
      links,
      atime,
      mtime,
      ctime,
      checksum: sums.get(path) ?? null,
    },
  ];
}

function deniedOf(stderr: string): Readonly<Record<string, string>> {
  const lines = stderr.split('\n').flatMap((line) => {
    const match = /^(?:find|stat): (?:cannot (?:stat|open|access) )?['\u2018]?(\/.*?)['\u2019]?: (.+)$/.exec(
      line,
    );
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  });
  return Object.fromEntries(lines);
}
