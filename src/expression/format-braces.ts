import { numberIn } from '../core/float.ts';
import type { Value, ValueMap } from '../core/value.ts';
import { textOf } from './arguments.ts';
import { childOf } from './attribute.ts';
import { shownNumber } from './format-text.ts';
import { quoted } from './print-value.ts';
import { codes, fail } from './problems.ts';
import { centred } from './text.ts';

const field =
  /\{\{|\}\}|\{(?<name>\w*)(?<path>(?:\.\w+|\[[^\]]+\])*)(?:!(?<conversion>[rs]))?(?::(?<look>[^{}]*))?\}/g;
const looks =
  /^(?:(?<fill>.)?(?<side>[<>^=]))?(?<sign>[-+ ])?#?(?<zero>0)?(?<width>\d{1,4})?(?<commas>,)?(?:\.(?<digits>\d{1,2}))?(?<kind>[sdxXofFeEgG%])?$/;

/** Fills `{}`, `{0}`, `{name.key}` and `{:>8.2f}` of a pattern, as Python's `format` does. */
export function filledBraces(pattern: string, values: readonly Value[], named: ValueMap): string {
  let next = 0;
  return pattern.replace(field, (whole, ...groups: readonly unknown[]) => {
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    const parts = groups.at(-1) as Readonly<Record<string, string | undefined>>;
    const { name = '', path = '', conversion, look = '' } = parts;
    const first = /^\d*$/.test(name) ? values[name === '' ? next++ : Number(name)] : named[name];
    const steps = [...path.matchAll(/\.(\w+)|\[([^\]]+)\]/g)].map(([, key, index]) => key ?? index ?? '');
    const value = steps.reduce<Value | undefined>(
      (from, key) => (from === undefined ? from : childOf(from, key)),
      first,
    );
    if (value === undefined)
      return fail(
        codes.filterFailed,
        `'format' has no value for ${whole}`,
        'Give one value for each {} of the text.',
      );
    return laidOut(conversion === 'r' ? quoted(value) : value, look);
  });
}

function laidOut(value: Value, look: string): string {
  const parts = looks.exec(look)?.groups;
  if (parts === undefined)
    return fail(
      codes.filterFailed,
      `'format' does not know the form "${look}"`,
      'For example {:>8}, {:03d} or {:.2f}.',
    );
  const { fill, side, sign, zero, width = '0', commas, digits, kind } = parts;
  const number = numberIn(value) !== null;
  const digitCount = digits === undefined ? null : Number(digits);
  const plain =
    number || (kind !== undefined && kind !== 's')
      ? numberText(value, kind, digitCount)
      : textOf(value).slice(0, digitCount ?? undefined);
  const grouped =
    commas === undefined
      ? plain
      : plain.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ','));
  const signed = (sign === '+' || sign === ' ') && !grouped.startsWith('-') ? sign + grouped : grouped;
  const sides = side ?? (zero !== undefined ? '=' : number ? '>' : '<');
  const filler = fill ?? (zero === undefined ? ' ' : '0');
  switch (sides) {
    case '<':
      return signed.padEnd(Number(width), filler);
    case '^':
      return centred(signed, Number(width), filler);
    case '=': {
      const lead = /^[-+ ]/.exec(signed)?.[0] ?? '';
      return lead + signed.slice(lead.length).padStart(Number(width) - lead.length, filler);
    }
    default:
      return signed.padStart(Number(width), filler);
  }
}

function numberText(value: Value, kind: string | undefined, digits: number | null): string {
  if (kind === '%') return `${shownNumber(Number(value) * 100, 'f', digits)}%`;
  if (kind !== undefined) return shownNumber(value, kind, digits);
  return digits === null ? textOf(value) : String(Number(Number(value).toPrecision(digits)));
}
