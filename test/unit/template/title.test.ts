import { expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import { compileTitle } from '../../../src/template/compile-title.ts';
import { scalar, scopeOf } from './texts.ts';

const scope = scopeOf({
  who: 'all',
  n: 3,
  later: new Unknown('known after a run', null),
  key: new Secret('hush', 'a key'),
});

test.each([
  ['greet {{ who }}', 'greet all'],
  ['{{ n }}', '3'],
  ['{{ who }} and {{ nope }}', "all and << error 1 - 'nope' is undefined >>"],
  [
    '{{ nope }}{{ n + who }}',
    "<< error 1 - 'nope' is undefined >><< error 2 - '+' cannot combine a number and a text >>",
  ],
  ['wait for {{ later }}', 'wait for {{ later }}'],
  ['{{#if n > 2}}many{{else}}few{{/if}} of {{ who }}', 'many of all'],
])('the name "%s" is shown as "%s"', (text, shown) => {
  expect(compileTitle(scalar(text))?.render(scope)).toBe(shown);
});

test('a name that is no expression at all says so in its place', () => {
  expect(compileTitle(scalar('a {{ b c d }} e'))?.render(scope)).toMatch(/^a << error 1 - .+ >> e$/);
});

test('a secret in a name stays hidden', () => {
  expect(compileTitle(scalar('use {{ key }}'))?.render(scope)).not.toContain('hush');
});

test.each(['plain', '', '{ not } a mustache'])('"%s" depends on nothing', (text) => {
  expect(compileTitle(scalar(text))).toBeNull();
});
