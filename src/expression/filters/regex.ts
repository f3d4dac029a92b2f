import type { Value } from '../../core/value.ts';
import { flagArgument, numberArgument, properList, textArgument, textOf } from '../arguments.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { filled, groupOf, type Match, matches, type PatternFlags, pattern } from '../pattern.ts';
import { codes, fail } from '../problems.ts';

/** Filters that search with patterns. */
export const regexFilters: Table<Filter> = {
  regex_replace: {
    parameters: ['pattern', 'replacement?', 'ignorecase?', 'multiline?', 'count?', 'mandatory_count?'],
    reads: 'content',
    run: (input, args) => {
      const text = textOf(input);
      const replacement = textArgument(args, 1);
      const found = matches(pattern(textArgument(args, 0), flags(args, 2)), text, numberArgument(args, 4, 0));
      const wanted = numberArgument(args, 5, 0);
      if (wanted !== 0 && wanted !== found.length)
        return fail(
          codes.filterFailed,
          `the pattern fits ${found.length} times, not ${wanted}`,
          'Correct the pattern, or mandatory_count.',
        );
      return spliced(text, found, (match) => filled(replacement, match));
    },
  },
  regex_search: {
    parameters: ['pattern', '*groups', 'ignorecase?', 'multiline?'],
    reads: 'content',
    run: (input, args) => {
      const [match] = matches(pattern(textArgument(args, 0), flags(args, 2)), textOf(input), 1);
      if (match === undefined) return null;
      const wanted = properList(args[1], 'regex_search');
      if (wanted.length === 0) return match.groups[0] ?? '';
      return wanted.map((group) => groupOf(match, textOf(group).replace(/^\\(?:g<(\w+)>|(\d+))$/, '$1$2')));
    },
  },
  regex_findall: {
    parameters: ['pattern', 'multiline?', 'ignorecase?'],
    reads: 'content',
    run: (input, args) => {
      const options = { multiline: flagArgument(args, 1), ignoreCase: flagArgument(args, 2) };
      return matches(pattern(textArgument(args, 0), options), textOf(input)).map(({ groups }): Value => {
        const texts = groups.map((group) => group ?? '');
        if (texts.length <= 2) return texts.at(-1) ?? '';
        return texts.slice(1);
      });
    },
  },
  regex_escape: {
    parameters: ['re_type?'],
    reads: 'content',
    run: (input, args) => {
      const text = textOf(input);
      const type = textArgument(args, 0, 'python');
      if (type === 'python') return text.replace(/[\\^$.|?*+()[\]{}\-#&~\s]/g, '\\$&');
      if (type === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
      return fail(
        codes.filterFailed,
        `'regex_escape' knows no '${type}'`,
        'Known are python and posix_basic.',
      );
    },
  },
};

function flags(args: Bound, from: number): PatternFlags {
  return { ignoreCase: flagArgument(args, from), multiline: flagArgument(args, from + 1) };
}

function spliced(text: string, found: readonly Match[], change: (match: Match) => string): string {
  let result = '';
  let offset = 0;
  for (const match of found) {
    result += text.slice(offset, match.start) + change(match);
    offset = match.end;
  }
  return result + text.slice(offset);
}
