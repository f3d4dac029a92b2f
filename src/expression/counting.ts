import { Failure } from '../core/failure.ts';
import type { Value } from '../core/value.ts';
import { formatted } from './format-text.ts';
import { printed } from './print-value.ts';

const number = '(0x[0-9a-f]+|\\d+)';
/** `[start-]end[/stride][:format]` */
const short = new RegExp(`^(?:${number}-)?${number}(?:/${number})?(?::(.+))?$`, 'i');
/** More than this is a slip of the pen. */
const maxItems = 100_000;

/** The numbers that with_sequence counts through, as texts: `start=1 end=9 stride=2 format=web%02d`, `4-16/4`, `5`. @throws Failure HAPB3007 */
export function sequence(term: Value): readonly string[] {
  const text = printed(term).trim();
  const match = short.exec(text);
  const given: Readonly<Record<string, string | undefined>> =
    match === null ? named(text) : { start: match[1], end: match[2], stride: match[3], format: match[4] };
  const start = whole(given, 'start') ?? 1;
  const stride = whole(given, 'stride') ?? 1;
  const count = whole(given, 'count');
  const written = whole(given, 'end');
  if ((count === null) === (written === null)) {
    throw wrong(`with_sequence needs either "end" or "count": ${text}`);
  }
  if (count === 0 || stride === 0) return [];
  const end = written ?? start + (count ?? 0) * stride - 1;
  if (stride > 0 && end < start) throw wrong('to count backwards, with_sequence needs a negative stride');
  if (stride < 0 && end > start) throw wrong('to count forwards, with_sequence needs a positive stride');
  const length = Math.floor((end - start) / stride) + 1;
  if (length > maxItems)
    throw wrong(`with_sequence would make ${length} items; at most ${maxItems} are made`);
  const format = given.format ?? '%d';
  return Array.from({ length }, (_none, index) => formatted(format, [start + index * stride]));
}

function named(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const word of text.split(/\s+/)) {
    const [, name, value] = /^(start|end|stride|count|format)=(.*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) throw wrong(`with_sequence does not know "${word}"`);
    values[name] = value;
  }
  return values;
}

function whole(given: Readonly<Record<string, string | undefined>>, name: string): number | null {
  const text = given[name];
  if (text === undefined) return null;
  if (/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) {
    return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  }
  throw wrong(`"${name}" of with_sequence is no whole number: ${text}`);
}

function wrong(message: string): Failure {
  const hint =
    'Write "start=1 end=9 stride=2 format=web%02d", or "count=5"; only what differs from 1 is needed.';
  return new Failure({ code: 'HAPB3007', message, hint });
}
