import type { Value } from '../../core/value.ts';
import { flagArgument, numberArgument, textArgument, textOf } from '../arguments.ts';
import { checkSize } from '../arithmetic.ts';
import type { Bound, Filter, Parameters, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { centred } from '../text.ts';
import { type Wrapping, wrapped } from '../wrap.ts';

function text(parameters: Parameters, run: (input: string, args: Bound) => Value): Filter {
  return { parameters, reads: 'content', run: (input, args) => run(textOf(input), args) };
}

const htmlSigns: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};
const escaped = text([], (input) => input.replace(/[&<>"']/g, (sign) => htmlSigns[sign] ?? sign));

/** Filters that lay text out for readers. */
export const proseFilters: Table<Filter> = {
  wordcount: text([], (input) => input.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: text(['width?', 'break_long_words?', 'wrapstring?', 'break_on_hyphens?'], (input, args) => {
    const look: Wrapping = {
      width: Math.max(1, numberArgument(args, 0, 79)),
      longWords: flagArgument(args, 1, true) ? 'cut' : 'kept',
      hyphens: flagArgument(args, 3, true) ? 'break' : 'stay',
    };
    const newline = textArgument(args, 2, '\n');
    return input
      .split('\n')
      .map((line) => wrapped(line, look).join(newline))
      .join(newline);
  }),
  truncate: text(['length?', 'killwords?', 'end?', 'leeway?'], (input, args) => {
    const length = numberArgument(args, 0, 255);
    const end = textArgument(args, 2, '...');
    if (input.length <= length + numberArgument(args, 3, 5)) return input;
    const start = input.slice(0, length - end.length);
    if (flagArgument(args, 1)) return start + end;
    const blank = start.lastIndexOf(' ');
    return (blank === -1 ? start : start.slice(0, blank)) + end;
  }),
  center: text(['width?'], (input, args) => {
    const width = numberArgument(args, 0, 80);
    checkSize(width);
    return centred(input, width, ' ');
  }),
  escape: escaped,
  e: escaped,
  forceescape: escaped,
  safe: text([], (input) => input),
  striptags: text([], (input) =>
    input
      .replace(/<!--.*?-->|<[^>]*>/gs, '')
      .replace(/\s+/g, ' ')
      .trim(),
  ),
  comment: {
    parameters: [
      ...['style?', 'decoration?', 'beginning?', 'end?', 'prefix?', 'prefix_count?'],
      ...['postfix?', 'postfix_count?', 'newline?'],
    ],
    reads: 'content',
    run: (input, args) => commented(textOf(input), args),
  },
};

interface CommentStyle {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}

const commentStyles: Readonly<Record<string, CommentStyle>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

function commented(input: string, args: Bound): string {
  const name = textArgument(args, 0, 'plain');
  const style = Object.hasOwn(commentStyles, name) ? commentStyles[name] : undefined;
  if (style === undefined) {
    const hint = `Known are ${Object.keys(commentStyles).join(', ')}.`;
    return fail(codes.filterFailed, `'comment' knows no style '${name}'`, hint);
  }
  const decoration = textArgument(args, 1, style.decoration);
  const [beginning, end] = [textArgument(args, 2, style.beginning), textArgument(args, 3, style.end)];
  const bare = decoration.trimEnd();
  const newline = textArgument(args, 8, '\n');
  const prefix = textArgument(args, 4, bare);
  const [before, after] = [numberArgument(args, 5, 1), numberArgument(args, 7, 1)];
  checkSize(Math.max(before, after));
  const body = (decoration + input.replaceAll(newline, newline + decoration)).replaceAll(
    `${decoration}${newline}`,
    bare + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : `${prefix}${newline}`.repeat(Math.max(0, before)),
    body,
    `${newline}${textArgument(args, 6, bare)}`.repeat(Math.max(0, after)),
    end === '' ? '' : newline + end,
  ].join('');
}
