import { RE2JS } from 're2js';
import { type Diagnostic, error, failure, type Result, success, warning } from '../core/diagnostic.ts';
import { globExpression, hasWildcard } from '../core/glob.ts';
import type { Span } from '../core/source.ts';
import { suggest } from '../document/suggest.ts';
import { splitPatterns } from './split-patterns.ts';

/** What host patterns choose from. */
export interface HostNames {
  readonly groups: ReadonlyMap<string, { readonly name: string; readonly hosts: readonly string[] }>;
  readonly hosts: ReadonlyMap<string, unknown>;
  /** Hosts that are there when they are named, such as localhost. */
  readonly implicit: ReadonlyMap<string, { readonly name: string }>;
}

/**
 * The names of hosts that a pattern means, in Ansible's order: plain patterns first, then `&` (intersect), then `!`
 * (exclude). Separators are `,` or `:`; names, groups, `*` globs, `~regex`, `g[0]`, `g[-1]`, `g[1:3]`. Warns with HAPB3120
 * of a name that matches nothing; fails with HAPB3121 for a regular expression that is none.
 */
export function matchHosts(
  pattern: string | readonly string[],
  among: HostNames,
  span: Span,
): Result<readonly string[]> {
  const parts = splitPatterns(pattern);
  const plain = parts.filter((part) => !/^[!&]/.test(part));
  const ordered = [
    ...(plain.length === 0 && parts.length > 0 ? ['all'] : plain),
    ...parts.filter((part) => part.startsWith('&')),
    ...parts.filter((part) => part.startsWith('!')),
  ];
  const problems: Diagnostic[] = [];
  let chosen = new Set<string>();
  for (const part of ordered) {
    const matched = among.hosts.has(part)
      ? new Set([part])
      : matchOne(part.replace(/^[!&]/, ''), { among, span, problems });
    if (part.startsWith('!')) for (const name of matched) chosen.delete(name);
    else if (part.startsWith('&')) chosen = new Set([...chosen].filter((name) => matched.has(name)));
    else for (const name of matched) chosen.add(name);
  }
  return problems.some(({ severity }) => severity === 'error')
    ? failure(problems)
    : success([...chosen], problems);
}

interface Matching {
  readonly among: HostNames;
  readonly span: Span;
  readonly problems: Diagnostic[];
}

function matchOne(pattern: string, matching: Matching): ReadonlySet<string> {
  const { among, span, problems } = matching;
  const subscript = pattern.startsWith('~') ? null : /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(pattern);
  const base = subscript?.[1] ?? pattern;
  const all = matchNames(base, matching);
  if (all === null) return new Set();
  if (subscript === null) {
    if (/\[-?\d*:-?\d*\]$/.test(pattern)) problems.push(lettersNotPositions(pattern, span));
    else if (all.length === 0 && pattern !== 'all') problems.push(unmatched(pattern, among, span));
    return new Set(all);
  }
  const [, , index, from, to] = subscript;
  // As in Ansible, an end of 0 means the first position alone.
  const single = index ?? (to === '0' ? from : undefined);
  const kept =
    single !== undefined
      ? all.slice(...(Number(single) === -1 ? [-1] : [Number(single), Number(single) + 1]))
      : all.slice(Number(from), to === undefined || to === '' ? undefined : Number(to) + 1);
  if (kept.length === 0) {
    if (all.length === 0) problems.push(unmatched(base, among, span));
    else problems.push(outside(pattern, { all: all.length, single: single !== undefined, span }));
  }
  return new Set(kept);
}

/** Names that one pattern without subscript means; `null` when it is wrong and that has been said. */
function matchNames(pattern: string, { among, span, problems }: Matching): readonly string[] | null {
  const matches = matcher(pattern);
  if (typeof matches === 'string') {
    problems.push(
      error({
        code: 'HAPB3121',
        message: `${pattern} is not a regular expression: ${matches}`,
        hint: 'Look-around and back references are not known; see the RE2 syntax.',
        span,
      }),
    );
    return null;
  }
  const names = new Set<string>();
  let groupMatched = false;
  for (const group of among.groups.values()) {
    if (!matches(group.name)) continue;
    groupMatched = true;
    for (const host of group.hosts) names.add(host);
  }
  if (!groupMatched || pattern.startsWith('~') || /[.?*[]/.test(pattern)) {
    for (const name of among.hosts.keys()) if (matches(name)) names.add(name);
  }
  const local = among.implicit.get(pattern);
  if (names.size === 0 && local !== undefined) names.add(local.name);
  // A group without hosts is no misspelt name; saying so would mislead.
  if (names.size === 0 && groupMatched) problems.push(emptyGroup(pattern, span));
  return names.size === 0 && groupMatched ? null : [...names];
}

function matcher(pattern: string): ((name: string) => boolean) | string {
  if (pattern.startsWith('~')) {
    try {
      const expression = RE2JS.compile(pattern.slice(1));
      return (name) => expression.matcher(name).lookingAt();
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }
  if (!hasWildcard(pattern)) return (name) => name === pattern;
  const expression = globExpression(pattern);
  return (name) => expression.test(name);
}

function unmatched(pattern: string, among: HostNames, span: Span): Diagnostic {
  const meant = suggest(pattern, [...among.groups.keys(), ...among.hosts.keys()]);
  return warning({
    code: 'HAPB3120',
    message: `no host or group is called ${pattern}`,
    hint:
      meant === null
        ? `Known groups are: ${[...among.groups.keys()].join(', ')}.`
        : `Did you mean \`${meant}\`?`,
    span,
  });
}

function emptyGroup(pattern: string, span: Span): Diagnostic {
  return warning({
    code: 'HAPB3123',
    message: `the group ${pattern} has no hosts`,
    hint: 'Add hosts to it in the inventory, or leave it out of the pattern.',
    span,
  });
}

/** What Ansible does not take for a range is a glob's set of letters, and seldom meant. */
function lettersNotPositions(pattern: string, span: Span): Diagnostic {
  return warning({
    code: 'HAPB3124',
    message: `${pattern} is no range of positions, so it means a set of letters, as in other globs`,
    hint: 'A range is [FROM:TO] or [FROM:], counted from 0 at the front; a position alone may count from the end: [-1].',
    span,
  });
}

/** Ansible stops for a position that is not there, and takes a range for what there is of it. */
function outside(
  pattern: string,
  { all, single, span }: { readonly all: number; readonly single: boolean; readonly span: Span },
): Diagnostic {
  return (single ? error : warning)({
    code: 'HAPB3124',
    message: `${pattern} lies outside: there are ${all} host${all === 1 ? '' : 's'}, counted from 0`,
    hint: `Use an index from 0 to ${all - 1}.`,
    span,
  });
}
