import { numberIn } from '../core/float.ts';
import { isMap, type Value } from '../core/value.ts';
import { withArticle } from './compare.ts';
import { printed, quoted } from './print-value.ts';
import { codes, fail } from './problems.ts';

const place =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[-+0 #]*)(?<width>\d{1,4})?(?:\.(?<digits>\d{1,2}))?(?<kind>.)?/gs;

/** Fills `%s`, `%d`, `%05.2f`, `%(key)s` of a pattern, as Python's `%` does. */
export function formatted(pattern: string, values: readonly Value[]): string {
  let used = 0;
  let keyed = false;
  const text = pattern.replace(place, (_whole, ...groups: readonly unknown[]) => {
    const parts = groups.at(-1) as Readonly<Record<string, string | undefined>>;
    const { key, flags = '', width = '0', digits, kind } = parts;
    if (kind === '%') return '%';
    keyed ||= key !== undefined;
    const value = key === undefined ? values[used++] : keyedValue(values[0], key);
    if (value === undefined) return wrongCount(values.length);
    const body = shown(value, kind ?? '', digits === undefined ? null : Number(digits));
    const signed = flags.includes('+') && /^\d/.test(body) && kind !== 's' ? `+${body}` : body;
    if (flags.includes('-')) return signed.padEnd(Number(width));
    if (!flags.includes('0') || kind === 's') return signed.padStart(Number(width));
    const sign = /^[-+]/.exec(signed)?.[0] ?? '';
    return sign + signed.slice(sign.length).padStart(Number(width) - sign.length, '0');
  });
  return keyed || used === values.length ? text : wrongCount(values.length);
}

function keyedValue(map: Value | undefined, key: string): Value | undefined {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

function wrongCount(count: number): never {
  return fail(
    codes.filterFailed,
    `the pattern has not as many places as there are values (${count})`,
    'Write one %s or %d for each value; a percent sign itself is %%.',
  );
}

function shown(value: Value, kind: string, digits: number | null): string {
  if (kind === 's') return printedWord(value).slice(0, digits ?? undefined);
  return kind === 'r' ? quoted(value) : shownNumber(value, kind, digits);
}

/** A number in one of the forms of `%`: d, x, o, f, e or g, with so many digits. */
export function shownNumber(value: Value, kind: string, digits: number | null): string {
  const number = typeof value === 'boolean' ? Number(value) : (numberIn(value) ?? value);
  if (!/^[dioxXfFeEgG]$/.test(kind)) {
    return fail(
      codes.filterFailed,
      `"%${kind}" is not known`,
      'Known are %s, %d, %x, %o, %f, %e, %r and %%.',
    );
  }
  if (typeof number !== 'number') {
    return fail(
      codes.filterFailed,
      `"%${kind}" needs a number, not ${withArticle(value)}`,
      'Use %s, or convert with | int.',
    );
  }
  if (kind === 'x') return Math.trunc(number).toString(16);
  if (kind === 'X') return Math.trunc(number).toString(16).toUpperCase();
  if (kind === 'o') return Math.trunc(number).toString(8);
  if (/[fF]/.test(kind)) return number.toFixed(digits ?? 6);
  if (/[eE]/.test(kind)) return number.toExponential(digits ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
  return /[gG]/.test(kind) ? printed(number) : String(Math.trunc(number));
}

/** As Python's str(): unlike in text, null is a word. */
function printedWord(value: Value): string {
  return value === null ? 'None' : printed(value);
}
