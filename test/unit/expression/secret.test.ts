import { describe, expect, test } from 'vitest';
import { reveal } from '../../../src/core/reveal.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Value } from '../../../src/core/value.ts';
import { evaluate, problemOf, render } from '../template/texts.ts';

const secret = new Secret('hunter2', 'password');
const data = new Secret('{"user": "ann", "port": 5, "keys": ["k1"]}', 'document');
const variables = {
  s: secret,
  data,
  users: [
    { name: 'ann', password: secret },
    { name: 'bob', password: 'plain' },
  ],
};

function value(text: string): Value {
  return evaluate(text, variables);
}

function opened(found: Value): string {
  if (!(found instanceof Secret)) throw new Error(`not secret: ${JSON.stringify(found)}`);
  return reveal(found);
}

describe('a text made from a secret is one', () => {
  test.each([
    ['s', 'hunter2'],
    ["s + '!'", 'hunter2!'],
    ["'x' ~ s", 'xhunter2'],
    ['s * 2', 'hunter2hunter2'],
    ["'pw=%s' % s", 'pw=hunter2'],
    ["'%s:%s' % ('a', s)", 'a:hunter2'],
    ['s[0]', 'h'],
    ['s[1:3]', 'un'],
    ['s | upper', 'HUNTER2'],
    ["'x' | replace('x', s)", 'hunter2'],
    ['s.upper()', 'HUNTER2'],
    ['s | b64encode', 'aHVudGVyMg=='],
    ["s | hash('md5')", '2ab96390c7dbe3439de74d0c9b0b1767'],
    ["[s, 'a'] | join(',')", 'hunter2,a'],
    ['users | to_json | length | string ~ s', '78hunter2'],
    ["s | regex_search('[0-9]')", '2'],
    ['s | first', 'h'],
    ["s if true else 'x'", 'hunter2'],
    ["s or 'x'", 'hunter2'],
    ["'a' if s == 'x' else s", 'hunter2'],
  ])('%s', (text, content) => {
    expect(opened(value(text))).toBe(content);
  });

  test('every text of what is read from one is, numbers are plain', () => {
    const found = value('data | from_json');
    expect(JSON.stringify(found)).toBe('{"user":"‹document›","port":5,"keys":["‹document›"]}');
    expect(value('(data | from_json).port')).toBe(5);
    expect(opened(value('(data | from_json).keys[0]'))).toBe('k1');
    expect(JSON.stringify(value("s | split('t')"))).toBe('["‹password›","‹password›"]');
  });
});

describe('questions about a secret have plain answers', () => {
  test.each([
    ["s == 'hunter2'", true],
    ["s != 'hunter2'", false],
    ["'unt' in s", true],
    ["s in ['hunter2']", true],
    ["s is match('h.*2')", true],
    ['s is string', true],
    ['s is defined', true],
    ['not s', false],
    ['s | length', 7],
    ["s.startswith('h')", true],
    ['s | bool', false],
    ["s < 'i'", true],
    ["users | selectattr('password', 'equalto', 'hunter2') | map(attribute='name') | list", ['ann']],
  ])('%s', (text, answer) => {
    expect(value(text)).toEqual(answer);
  });
});

describe('in lists and maps a secret keeps its place', () => {
  test.each([
    ['users | map(attribute="password") | list', '["‹password›","plain"]'],
    ["users | sort(attribute='password') | map(attribute='name') | list", '["ann","bob"]'],
    ['users[0] | dict2items', '[{"key":"name","value":"ann"},{"key":"password","value":"‹password›"}]'],
    ["users[0] | combine({'name': 'x'})", '{"name":"x","password":"‹password›"}'],
    ["[s, 'hunter2', 'a'] | unique", '["‹password›","a"]'],
    ["{'a': s}", '{"a":"‹password›"}'],
  ])('%s', (text, shown) => {
    expect(JSON.stringify(value(text))).toBe(shown);
  });
});

describe('in text', () => {
  test.each([
    ['{{ s }}', 'hunter2'],
    ['{{ s }}\n', 'hunter2\n'],
    ['pw: {{ s }} of {{ users[0].name }}', 'pw: hunter2 of ann'],
    ['{{ users[:1] }}.', "[{'name': 'ann', 'password': 'hunter2'}]."],
    ['{{#each users as |u|}}{{u.name}}={{u.password}} {{/each}}', 'ann=hunter2 bob=plain '],
    ['{{#with s as |x|}}{{x}}{{/with}}', 'hunter2'],
  ])('%s is secret as a whole', (text, content) => {
    expect(opened(render(text, variables))).toBe(content);
  });

  test('a block that only asks about it is not', () => {
    expect(render('{{#if s}}set{{else}}missing{{/if}}', variables)).toBe('set');
    expect(render('{{#each users as |u|}}{{u.name}} {{/each}}', variables)).toBe('ann bob ');
  });
});

describe('a message never quotes one', () => {
  test.each([
    's | from_json',
    's | ipmath(1)',
    "'1.2' is version(s, '>')",
    "'a' | hash(s)",
    "'a' is match('(' ~ s)",
    's.missing',
    's - 1',
    's.index(1)',
    "users[0].password['x']",
    's | dict2items',
    '[1] | max(s, s, s)',
  ])('%s', (text) => {
    expect(problemOf(() => value(text))).not.toContain('hunter2');
  });

  test('but its label', () => {
    expect(problemOf(() => value('s | from_json'))).toMatchInlineSnapshot(`
      "site.yml:1:5  error HAPB4008: 'from_json' cannot use ‹password›
        1 | s | from_json
          |     ^^^^^^^^^
        hint: What is wrong is not shown, as it would quote the secret."
    `);
  });
});
