import { describe, expect, test } from 'vitest';
import { evaluate, problemOf } from '../template/texts.ts';

const variables = { port: 6443, name: 'node-1', nodes: [{ name: 'a' }, { name: 'b' }] };

function problem(text: string): string {
  return problemOf(() => evaluate(text, variables));
}

describe('HAPB4007 arguments', () => {
  test.each([
    ["name | replace('a')", "'replace' needs the argument 'new'"],
    ['name | upper(1)', "'upper' takes no arguments"],
    ["name | join(',', sep=1)", "'join' has no argument 'sep'"],
    ["name | join(',', d=1)", "'join' was given 'd' twice"],
    ['name is match', "'match' needs the argument 'pattern'"],
    ['range()', "'range' needs the argument 'start'"],
    ['upper()', "'upper' needs a value to work on"],
    ['nodes | map', "'map' needs the name of a filter or attribute="],
  ])('%s', (text, message) => {
    expect(problem(text)).toContain(`error HAPB4007: ${message}`);
  });

  test('show what there is', () => {
    expect(problem("name | replace('a')")).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4007: 'replace' needs the argument 'new'
        1 | name | replace('a')
          |        ^^^^^^^
        hint: Its arguments are (old, new, count?)."
    `);
  });
});

describe('values that a filter cannot use', () => {
  test('HAPB4008', () => {
    expect(problem('name | from_json')).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4008: the text is not JSON
        1 | name | from_json
          |        ^^^^^^^^^
        hint: Look at the text with the debug module; a command may have printed a warning before its JSON."
    `);
    expect(problem('port | join')).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4008: 'join' needs a list, not a number
        1 | port | join
          |        ^^^^
        hint: Make it a list first: [x], or x.split(",")."
    `);
    expect(problem("name | hash('crc')")).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4008: the hash 'crc' is not known
        1 | name | hash('crc')
          |        ^^^^^^^^^^^
        hint: Known are md5, sha1, sha224, sha256, sha384, sha512."
    `);
    expect(problem("'v1.2' is version('1.2', '>=')")).toMatchInlineSnapshot(`
      "site.yml:1:11  error HAPB4008: the versions 'v1.2' and '1.2' cannot be ordered: 'v' stands against '1'
        1 | 'v1.2' is version('1.2', '>=')
          |           ^^^^^^^^^^^^^^^^^^^^
        hint: Remove what is no number first, for example | regex_replace('^v', ''), or use version_type='semver'."
    `);
    expect(problem('name is changed')).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4008: 'changed' needs a registered result, not a text
        1 | name is changed
          |         ^^^^^^^
        hint: Registered results are tested whole: r is changed, not r.stdout is changed."
    `);
    expect(problem("'%d' % name")).toContain('"%d" needs a number, not a text');
    expect(problem("'%s %s' % name")).toContain('the pattern has not as many places as there are values (1)');
    expect(problem("'nope' | ipmath(1)")).toContain("'ipmath' needs an address, not 'nope'");
    expect(problem("'10.0.0.1' | ipaddr('netmsk')")).toContain("Did you mean 'netmask'?");
  });

  test('HAPB4009 arithmetic', () => {
    expect(problem('port / 0')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4009: '/' by zero
        1 | port / 0
          | ^^^^^^^^
        hint: Test the divisor first: A / B if B != 0 else 0."
    `);
    expect(problem('10 ** 40')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4009: the result of '**' is too large to be exact
        1 | 10 ** 40
          | ^^^^^^^^
        hint: Whole numbers are exact up to 9007199254740991."
    `);
  });

  test('HAPB4013 patterns', () => {
    expect(problem("name is match('(?=a)b')")).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4013: the pattern "(?=a)b" cannot be used: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\`
        1 | name is match('(?=a)b')
          |         ^^^^^^^^^^^^^^^
        hint: Patterns run in linear time, so there are no look-arounds and no back references; test two patterns with "and" instead."
    `);
    expect(problem("name | regex_search('[')")).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4013: the pattern "[" cannot be used: error parsing regexp: missing closing ]: \`[\`
        1 | name | regex_search('[')
          |        ^^^^^^^^^^^^^^^^^
        hint: Correct the pattern; the notation is that of RE2. In a YAML text with double quotes a backslash is written twice."
    `);
    expect(problem("name | regex_search('(a|n)', '\\\\5')")).toContain("the pattern has no group '5'");
  });

  test('HAPB4014 sizes', () => {
    expect(problem("'x' * 99999999")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4014: the result would have more than 10000000 parts
        1 | 'x' * 99999999
          | ^^^^^^^^^^^^^^
        hint: Make a smaller text or list."
    `);
    for (const text of [
      "'a' | indent(99999999)",
      "'a\\nb'.zfill(99999999)",
      '[1] | batch(99999999, 0)',
      "('x' * 9999999) | replace('x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')",
    ]) {
      expect(problem(text)).toContain('error HAPB4014');
    }
    expect(problem('range(9999999)')).toContain('the range would have 9999999 numbers');
  });
});
