import type { Value } from '../core/value.ts';
import { isList } from '../core/value.ts';
import { listOf, mapArgument, numberArgument, properList, textArgument, textOf } from './arguments.ts';
import { checkSize } from './arithmetic.ts';
import type { Bound, Filter, Parameters, Table } from './callable.ts';
import { filledBraces } from './format-braces.ts';
import { codes, fail } from './problems.ts';
import { capitalized, centred, replaced, splitFromEnd, splitText, titled, trimmed } from './text.ts';

function ofText(parameters: Parameters, run: (text: string, args: Bound) => Value): Filter {
  return { parameters, reads: 'content', run: (input, args) => run(textOf(input), args) };
}

/** The methods of texts; each runs like a filter whose input is what stands before the dot. */
export const textMethods: Table<Filter> = {
  startswith: ofText(['prefix'], (text, args) => ends(args).some((end) => text.startsWith(end))),
  endswith: ofText(['suffix'], (text, args) => ends(args).some((end) => text.endsWith(end))),
  split: ofText(['sep?', 'maxsplit?'], (text, args) =>
    splitText(text, args[0] ?? null, numberArgument(args, 1, -1)),
  ),
  rsplit: ofText(['sep?', 'maxsplit?'], (text, args) =>
    splitFromEnd(text, args[0] ?? null, numberArgument(args, 1, -1)),
  ),
  splitlines: ofText([], (text) => {
    const lines = text.split(/\r\n|\r|\n/);
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }),
  strip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'both')),
  lstrip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'left')),
  rstrip: ofText(['chars?'], (text, [characters]) => trimmed(text, characters, 'right')),
  lower: ofText([], (text) => text.toLowerCase()),
  upper: ofText([], (text) => text.toUpperCase()),
  title: ofText([], titled),
  capitalize: ofText([], capitalized),
  replace: ofText(['old', 'new', 'count?'], (text, args) =>
    replaced(text, [textArgument(args, 0), textArgument(args, 1)], numberArgument(args, 2, -1)),
  ),
  removeprefix: ofText(['prefix'], (text, args) => {
    const prefix = textArgument(args, 0);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  removesuffix: ofText(['suffix'], (text, args) => {
    const suffix = textArgument(args, 0);
    return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
  }),
  partition: ofText(['sep'], (text, args) => {
    const sign = textArgument(args, 0);
    const at = text.indexOf(sign);
    return at === -1 ? [text, '', ''] : [text.slice(0, at), sign, text.slice(at + sign.length)];
  }),
  rpartition: ofText(['sep'], (text, args) => {
    const sign = textArgument(args, 0);
    const at = text.lastIndexOf(sign);
    return at === -1 ? ['', '', text] : [text.slice(0, at), sign, text.slice(at + sign.length)];
  }),
  find: ofText(['sub', 'start?'], (text, args) =>
    text.indexOf(textArgument(args, 0), numberArgument(args, 1, 0)),
  ),
  rfind: ofText(['sub'], (text, args) => text.lastIndexOf(textArgument(args, 0))),
  index: ofText(['sub'], (text, args) => place(text.indexOf(textArgument(args, 0)))),
  rindex: ofText(['sub'], (text, args) => place(text.lastIndexOf(textArgument(args, 0)))),
  count: ofText(['sub'], (text, args) => text.split(textArgument(args, 0)).length - 1),
  join: ofText(['items'], (text, [items]) =>
    listOf(items ?? null, 'join')
      .map(textOf)
      .join(text),
  ),
  swapcase: ofText([], (text) =>
    text.replace(/\p{L}/gu, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    ),
  ),
  casefold: ofText([], (text) => text.toLowerCase().replaceAll('ß', 'ss')),
  isspace: ofText([], (text) => /^\s+$/.test(text)),
  islower: ofText([], (text) => /\p{L}/u.test(text) && text === text.toLowerCase()),
  isupper: ofText([], (text) => /\p{L}/u.test(text) && text === text.toUpperCase()),
  isnumeric: ofText([], (text) => /^\p{N}+$/u.test(text)),
  isdecimal: ofText([], (text) => /^\p{Nd}+$/u.test(text)),
  isdigit: ofText([], (text) => /^\p{Nd}+$/u.test(text)),
  isalpha: ofText([], (text) => /^\p{L}+$/u.test(text)),
  isalnum: ofText([], (text) => /^[\p{L}\p{Nd}]+$/u.test(text)),
  zfill: ofText(['width'], (text, args) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(widthOf(args) - sign.length, '0');
  }),
  ljust: ofText(['width', 'fillchar?'], (text, args) =>
    text.padEnd(widthOf(args), textArgument(args, 1, ' ')),
  ),
  rjust: ofText(['width', 'fillchar?'], (text, args) =>
    text.padStart(widthOf(args), textArgument(args, 1, ' ')),
  ),
  center: ofText(['width', 'fillchar?'], (text, args) =>
    centred(text, widthOf(args), textArgument(args, 1, ' ')),
  ),
  format: {
    parameters: ['*values', '**named'],
    reads: 'content',
    run: (input, [values, named]) =>
      filledBraces(textOf(input), properList(values, 'format'), mapArgument(named, 'format')),
  },
};

function ends([end = null]: Bound): readonly string[] {
  return isList(end) ? end.map(textOf) : [textOf(end)];
}

function widthOf(args: Bound): number {
  const width = numberArgument(args, 0, 0);
  checkSize(width);
  return width;
}

function place(index: number): number {
  if (index !== -1) return index;
  return fail(
    codes.filterFailed,
    "'index' does not find the text",
    'Test first: part in text; or use .find(), which gives -1.',
  );
}
