import { RE2JS, RE2JSException } from 're2js';
import { codes, fail } from './problems.ts';

/** How a pattern matches. */
export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
}

/** One match: the whole text at 0, then the groups; `null` for a group that took no part. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | null)[];
  readonly names: Readonly<Record<string, number>>;
}

const compiled = new Map<string, RE2JS>();

/** A pattern in Python's notation, run in linear time. Fails when it is none, or needs what linear time excludes. */
export function pattern(source: string, flags: PatternFlags): RE2JS {
  const bits = (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (flags.multiline ? RE2JS.MULTILINE : 0);
  const key = `${bits}:${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  try {
    const made = RE2JS.compile(source.replace(/((?:^|[^\\])(?:\\\\)*)\\Z/g, '$1\\z'), bits);
    if (compiled.size >= 500) compiled.clear();
    compiled.set(key, made);
    return made;
  } catch (problem) {
    if (!(problem instanceof RE2JSException)) throw problem;
    return refuse(source, problem.message);
  }
}

function refuse(source: string, reason: string): never {
  const advanced = /\(\?(?:[=!]|<[=!])|\\[1-9]|\(\?P=|\(\?>|[*+?}]\+/.test(source);
  return fail(
    codes.pattern,
    `the pattern ${JSON.stringify(source)} cannot be used: ${reason}`,
    advanced
      ? 'Patterns run in linear time, so there are no look-arounds and no back references; test two patterns with "and" instead.'
      : 'Correct the pattern; the notation is that of RE2. In a YAML text with double quotes a backslash is written twice.',
  );
}

/** Every match from left to right, at most `limit` (0: all). */
export function matches(expression: RE2JS, text: string, limit = 0): readonly Match[] {
  const found: Match[] = [];
  const matcher = expression.matcher(text);
  const count = expression.groupCount();
  while ((limit === 0 || found.length < limit) && matcher.find()) {
    found.push({
      start: matcher.start(),
      end: matcher.end(),
      groups: Array.from({ length: count + 1 }, (_, index) => matcher.group(index) ?? null),
      names: expression.namedGroups(),
    });
  }
  return found;
}

/** Fills `\1`, `\g<1>` and `\g<name>` of a replacement from a match. */
export function filled(replacement: string, match: Match): string {
  return replacement.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([nrt\\]))/g,
    (whole, name?: string, digits?: string, plain?: string) => {
      if (plain !== undefined) return { n: '\n', r: '\r', t: '\t', '\\': '\\' }[plain] ?? whole;
      return groupOf(match, name ?? digits ?? '') ?? '';
    },
  );
}

/** The text of a group by number or name; `null` when it took no part. */
export function groupOf(match: Match, name: string): string | null {
  const index = /^\d+$/.test(name) ? Number(name) : match.names[name];
  const text = index === undefined ? undefined : match.groups[index];
  if (text === undefined) {
    fail(
      codes.pattern,
      `the pattern has no group '${name}'`,
      'Groups are counted from 1 or named with (?P<name>…).',
    );
  }
  return text;
}
