import { isIPv6 } from 'node:net';

/** The names that a host pattern of an inventory stands for, or what is wrong with it. */
export type Expansion =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** The most hosts that one pattern may stand for. */
export const maxRangeHosts = 65_536;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Expands `web[01:20:2]` and `db-[a:f]` as Ansible does: both ends included, several ranges per name, leading zeros
 * kept (both ends must then be equally long).
 */
export function expandRange(pattern: string): Expansion {
  const open = pattern.indexOf('[');
  if (open === -1 || isIPv6(pattern)) {
    if (pattern.includes(']')) return problem(pattern, 'has a ] without a [ before it', rangeForm);
    return { ok: true, names: [pattern] };
  }
  const close = pattern.indexOf(']', open);
  if (close === -1) return problem(pattern, 'has a [ that is not closed', rangeForm);
  const range = readRange(pattern.slice(open + 1, close));
  if (!range.ok) return problem(pattern, range.message, range.hint);
  const rest = expandRange(pattern.slice(close + 1));
  if (!rest.ok) return rest;
  if (range.names.length * rest.names.length > maxRangeHosts) {
    return problem(pattern, `stands for more than ${maxRangeHosts} hosts`, 'Check the ends of the range.');
  }
  const head = pattern.slice(0, open);
  return {
    ok: true,
    names: range.names.flatMap((name) => rest.names.map((tail) => `${head}${name}${tail}`)),
  };
}

const rangeForm = 'Write a range as [01:20], [1:9:2] or [a:f].';

function problem(pattern: string, message: string, hint: string): Expansion {
  return { ok: false, message: `the host range ${pattern} ${message}`, hint };
}

function readRange(text: string): Expansion {
  const fail = (message: string, hint = rangeForm): Expansion => ({ ok: false, message, hint });
  const parts = text.split(':');
  const [first = '', last = '', stepText = '1'] = parts;
  if (parts.length < 2 || parts.length > 3)
    return fail(`holds [${text}], which is not FIRST:LAST or FIRST:LAST:STEP`);
  if (last === '') return fail(`holds [${text}], which has no end`);
  if (!/^[1-9]\d{0,8}$/.test(stepText))
    return fail(`has the step ${stepText}`, 'The step is a whole number from 1 on.');
  const step = Number(stepText);
  if (/^[a-zA-Z]$/.test(first) && /^[a-zA-Z]$/.test(last)) {
    const [from, to] = [letters.indexOf(first), letters.indexOf(last)];
    if (from > to) return fail(`runs backwards from ${first} to ${last}`, `Write [${last}:${first}].`);
    return {
      ok: true,
      names: [...letters].filter((_, index) => index >= from && index <= to && (index - from) % step === 0),
    };
  }
  if (!/^\d{0,15}$/.test(first) || !/^\d{1,15}$/.test(last)) {
    return fail(`holds [${text}], whose ends are neither two numbers nor two single letters`);
  }
  const padded = first.length > 1 && first.startsWith('0');
  if (padded && first.length !== last.length) {
    return fail(
      `has ends of different length, ${first} and ${last}`,
      `With leading zeros both must have equally many digits: [${first}:${last.padStart(first.length, '0')}].`,
    );
  }
  const [from, to] = [Number(first), Number(last)];
  if (from > to) return fail(`runs backwards from ${first} to ${last}`, `Write [${last}:${first}].`);
  if ((to - from) / step >= maxRangeHosts)
    return fail(`stands for more than ${maxRangeHosts} hosts`, 'Check its ends.');
  const names: string[] = [];
  for (let number = from; number <= to; number += step) {
    names.push(padded ? String(number).padStart(first.length, '0') : String(number));
  }
  return { ok: true, names };
}
