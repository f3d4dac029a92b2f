import { Failure } from '../../core/failure.ts';
import { globExpression } from '../../core/glob.ts';
import { matches, pattern } from '../../expression/pattern.ts';
import type { Found } from './find-listing.ts';
import { resolveMode } from './mode.ts';

const seconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const bytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** An age such as `-1d`, in seconds. @throws Failure HAPB6006 */
export function ageSeconds(text: string | number): number {
  return measured(String(text), seconds, 'age');
}

/** A size such as `10m`, in bytes. @throws Failure HAPB6006 */
export function sizeBytes(text: string | number): number {
  return measured(String(text), bytes, 'size');
}

function measured(text: string, units: Readonly<Record<string, number>>, argument: string): number {
  const [, count = '', unit = ''] = /^(-?\d+)([a-z]?)$/.exec(text.trim().toLowerCase()) ?? [];
  const factor = units[unit];
  if (count !== '' && factor !== undefined) return Number(count) * factor;
  throw new Failure({
    code: 'HAPB6006',
    message: `"${text}" is no ${argument}`,
    hint: `Write a whole number and one of ${Object.keys(units).join(' ').trim()}; a minus sign means "at most".`,
    argument,
  });
}

/** At least a positive limit, at most the size of a negative one. */
export function reaches(value: number, limit: number | null): boolean {
  if (limit === null) return true;
  return limit >= 0 ? value >= limit : value <= -limit;
}

/** Whether a name is wanted: by one of the patterns, and by none of the excludes. */
export function nameFilter(wish: {
  readonly patterns: readonly string[];
  readonly excludes: readonly string[];
  readonly notation: 'glob' | 'regex';
}): (name: string) => boolean {
  const test = wish.notation === 'regex' ? regexTest : globTest;
  const wanted = wish.patterns.map(test);
  const unwanted = wish.excludes.map(test);
  return (name) =>
    (wanted.length === 0 || wanted.some((fits) => fits(name))) && !unwanted.some((fits) => fits(name));
}

function globTest(glob: string): (name: string) => boolean {
  const expression = globExpression(glob);
  return (name) => expression.test(name);
}

/** As Python's `re.match`: at the beginning of the name. */
function regexTest(source: string): (name: string) => boolean {
  const expression = pattern(`^(?:${source})`, { ignoreCase: false, multiline: false });
  return (name) => matches(expression, name, 1).length > 0;
}

/** Whether the permissions are the wanted ones, or, not exactly, share a bit with them. @throws Failure HAPB6005 */
export function modeFilter(
  mode: string | undefined,
  how: 'exact' | 'any',
): (found: Pick<Found, 'rawMode'>) => boolean {
  if (mode === undefined) return () => true;
  const wanted = Number.parseInt(resolveMode(mode, { now: '0000', kind: 'file' }), 8);
  return ({ rawMode }) =>
    how === 'exact' ? (rawMode & 0o7777) === wanted : (rawMode & 0o7777 & wanted) !== 0;
}
