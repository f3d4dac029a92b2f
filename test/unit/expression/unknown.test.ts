import { describe, expect, test } from 'vitest';
import { Unknown } from '../../../src/core/unknown.ts';
import type { Value } from '../../../src/core/value.ts';
import { evaluate, problemOf, render } from '../template/texts.ts';

const unknown = new Unknown("depends on 'r' set at site.yml:14");
const variables = {
  u: unknown,
  t: true,
  f: false,
  list: [1, unknown, 3],
  map: { known: 1, later: unknown },
  known: { a: 1 },
};

function value(text: string): Value {
  return evaluate(text, variables);
}

describe('an unknown passes through', () => {
  test.each([
    'u',
    'u.stdout',
    "u['x'][0]",
    'u[1:2]',
    'u + 1',
    "'a' ~ u",
    'u == 1',
    'u != u',
    '1 < u',
    'u in [1]',
    '1 in u',
    'not u',
    "u.split(',')",
    'u | upper',
    "'a' | replace('a', u)",
    "u | default('x')",
    'u is changed',
    'u.anything is defined',
    "u['x'] is not defined",
    'map.later.x is undefined',
    "u is match('a')",
    "'1.2' is version(u, '>')",
    'u | ternary(1, 2)',
    'u | from_json',
    '[u, 1] | sort',
    "list | join(',')",
    'list | max',
    'list | to_json',
    "list | select('odd')",
    'list == [1, 2, 3]',
    '2 in list',
    'map.later.x',
    "'x' if u else 'y'",
    'range(u)',
    '{u: 1}',
    "'%s' % u",
    '{u: 1}[u] is defined',
    'known[u] is defined',
    '[1, 2][[u]] is defined',
    "(known[u] | default({})).get('x') is defined",
    'u | first is defined',
    'u is sameas true',
    "[u] | selectattr('x', 'defined')",
    '{[u]: 1}',
    '[[1], u] | flatten',
    "[{'key': u, 'value': 1}] | items2dict",
    "[{'l': u}] | subelements('l')",
    "{'l': [u]} | combine({'l': [1]}, list_merge='append_rp')",
  ])('%s', (text) => {
    expect(value(text)).toBe(unknown);
  });
});

describe('what does not hang on it is known', () => {
  test.each([
    ['f and u', false],
    ['t or u', true],
    ['not (u or t)', false],
    ['u == 1 and f', false],
    ['u is changed or t', true],
    ['u is defined', true],
    ['map.later is defined', true],
    ["u is defined and 'x'", 'x'],
    ['list | length', 3],
    ['list | first', 1],
    ['list[2]', 3],
    ['1 in list', true],
    ['map.known', 1],
    ["'later' in map", true],
    ['map.keys()', ['known', 'later']],
    ["'x' | default(u)", 'x'],
    ["'x' | default(u, true)", 'x'],
    ["'x' if t else u", 'x'],
    ['u in []', false],
  ])('%s', (text, known) => {
    expect(value(text)).toEqual(known);
  });

  test('and stays in the list or map in which it is only moved', () => {
    expect(value('list | reverse')).toEqual([3, unknown, 1]);
    expect(value("map | combine({'more': 2})")).toEqual({ known: 1, later: unknown, more: 2 });
    expect(value("[map, {'later': 5}] | map(attribute='later')")).toEqual([unknown, 5]);
    expect(value('[u, 1]')).toEqual([unknown, 1]);
  });
});

describe('beside an undecided unknown', () => {
  test('what cannot be decided either is unknown', () => {
    expect(value('u and t')).toBe(unknown);
    expect(value('u or f')).toBe(unknown);
    expect(value('t and u')).toBe(unknown);
    expect(value('f or u')).toBe(unknown);
  });

  test('what is the case tells not what it comes to', () => {
    for (const text of ["u or 'x'", "f or u or 'x'", "u and ''", "(u == 1) or 'x'", 'u or t'])
      expect(value(text)).toBeInstanceOf(Unknown);
    expect(value("'y' if u or 'x' else 'n'")).toBe('y');
    expect(value("not (u and '')")).toBe(true);
    expect(value('(u == 1) or t')).toBe(true);
  });

  test('what may be joined with it is unknown, and what it only replaces is known', () => {
    expect(value("{'l': u} | combine({'l': [1]}, list_merge='append')")).toEqual({ l: unknown });
    expect(value("{'l': u} | combine({'l': [1]})")).toEqual({ l: [1] });
    expect(value("{'l': u} | combine({'l': {}}, recursive=true)")).toEqual({ l: unknown });
  });

  test('a right side that would only be reached when it holds may fail', () => {
    expect(value('u and missing.key == 1')).toBe(unknown);
  });

  test('an undefined variable is still an error where it is reached in any case', () => {
    expect(problemOf(() => value('missing and u'))).toContain("'missing' is not defined");
  });
});

describe('in text', () => {
  test.each([
    'a {{ u }} b',
    '{{ 1 }}{{ u }}',
    '{{ list }}!',
    '{{#if u}}yes{{else}}no{{/if}}',
    '{{#unless u}}yes{{/unless}}',
    '{{#each u as |x|}}x{{/each}}',
    '{{#each list as |x|}}{{x}},{{/each}}',
    '{{#with u as |x|}}y{{/with}}',
    '{{! c }}{{ map.later }}',
  ])('%s is unknown as a whole', (text) => {
    expect(render(text, variables)).toBe(unknown);
  });

  test('a block that is not rendered does not make it unknown', () => {
    expect(render('{{#if f}}{{ u }}{{else}}known{{/if}}', variables)).toBe('known');
    expect(render('{{#each list as |x|}}.{{/each}}', variables)).toBe('...');
  });
});
