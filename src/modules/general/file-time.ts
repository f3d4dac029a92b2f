import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import { fileKey } from '../asks/file-state.ts';

/** Ansible's format of times where none is given. */
export const usualTimeFormat = '%Y%m%d%H%M.%S';

/** What becomes of a time of a file. `at`: on the host's own clock and time zone, as `YYYY-MM-DD HH:MM:SS`. */
export type TimeWish = 'preserve' | 'now' | { readonly at: string };

/** A file's times, and what the wished ones are, in seconds since 1970; `null`: nothing is there, or no time was given. */
export interface FileTimes {
  readonly access: number | null;
  readonly modification: number | null;
  readonly wishedAccess: number | null;
  readonly wishedModification: number | null;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What the letters of a format stand for, as in strptime(3): a pattern, and what its text means. */
const letters: Readonly<
  Record<
    string,
    { readonly pattern: string; readonly part: keyof Parts; readonly read: (text: string) => number }
  >
> = {
  Y: { pattern: '\\d{4}', part: 'year', read: Number },
  y: { pattern: '\\d{2}', part: 'year', read: (text) => Number(text) + (Number(text) < 69 ? 2000 : 1900) },
  m: { pattern: '1[0-2]|0?[1-9]', part: 'month', read: Number },
  b: { pattern: '[a-z]{3}', part: 'month', read: (text) => months.indexOf(text.toLowerCase()) + 1 },
  d: { pattern: '3[01]|[12]\\d|0?[1-9]| [1-9]', part: 'day', read: Number },
  H: { pattern: '2[0-3]|[01]?\\d', part: 'hour', read: Number },
  M: { pattern: '[0-5]?\\d', part: 'minute', read: Number },
  S: { pattern: '[0-5]?\\d', part: 'second', read: Number },
};

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A time that is written in a format of strptime's; `null`: it is none, or the format has letters other than `YymbdHMS`. */
export function readTime(text: string, format: string): TimeWish | null {
  if (text === 'preserve' || text === 'now') return text;
  const found: (typeof letters)[string][] = [];
  const pattern = format.replace(/%(.)|[^%\s]+|\s+|%$/g, (piece, letter: string | undefined) => {
    if (letter === undefined) return piece.trim() === '' ? '\\s+' : piece.replace(/[^a-z0-9]/gi, '\\$&');
    if (letter === '%') return '%';
    const known = letters[letter];
    if (known === undefined) return '(?!)';
    found.push(known);
    return `(${known.pattern})`;
  });
  const match = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (match === null) return null;
  const parts: Parts = Object.assign(
    { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0 },
    Object.fromEntries(found.map(({ part, read }, index) => [part, read(match[index + 1] ?? '')])),
  );
  const day = new Date(Date.UTC(parts.year, parts.month - 1, parts.day));
  if (parts.month < 1 || day.getUTCDate() !== parts.day) return null;
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = [String(parts.year).padStart(4, '0'), two(parts.month), two(parts.day)].join('-');
  return { at: `${date} ${[parts.hour, parts.minute, parts.second].map(two).join(':')}` };
}

/** Says that a time is none. */
export function noTime(argument: string, text: string, format = usualTimeFormat): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: `${argument} '${text}' is no time of the form ${format}`,
    hint: `Write preserve, now, or a time of that form, such as 202401312359.59 for ${usualTimeFormat}; ${argument}_format may hold %Y %y %m %b %d %H %M %S.`,
    argument,
  });
}

const script = `
now=$(stat -L -c '%.X %.Y' "$1" 2>/dev/null) || now='- -'
printf '%s' "$now"
for t in "$2" "$3"; do
  if [ -z "$t" ]; then printf ' -'; else printf ' %s' "$(date -d "$t" +%s)"; fi
done
echo
`;

/** A file's times beside the wished ones. Nothing is asked where no time is given. Key `times:PATH`. */
export function fileTimes(
  path: string,
  wishes: { readonly access: TimeWish | null; readonly modification: TimeWish | null },
): Ask<FileTimes | null> {
  const texts = [wishes.access, wishes.modification].map((wish) =>
    wish !== null && typeof wish === 'object' ? wish.at : '',
  );
  if (texts.every((text) => text === '')) return { queries: [], decode: () => null };
  return question({
    key: `times:${path}`,
    reads: [fileKey(path)],
    sh: script,
    args: [path, ...texts],
    parse: ({ stdout }) => {
      const [access, modification, wishedAccess, wishedModification] = stdout
        .trim()
        .split(' ')
        .map((word) => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : null));
      return {
        access: access ?? null,
        modification: modification ?? null,
        wishedAccess: wishedAccess ?? null,
        wishedModification: wishedModification ?? null,
      };
    },
  });
}

/** Whether a time has to be set. */
export function differs(wish: TimeWish, now: number | null, wished: number | null): boolean {
  if (typeof wish === 'object') return now !== wished;
  return wish === 'now';
}

/** The word for touch(1): `preserve`, `now`, or the time as `-t` takes it. */
export function touchWord(wish: TimeWish): string {
  if (typeof wish !== 'object') return wish;
  const digits = wish.at.replace(/\D/g, '');
  return `${digits.slice(0, 12)}.${digits.slice(12)}`;
}
