import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseExtraVars } from '../../../src/variables/extra-vars.ts';
import { splitKeyValues } from '../../../src/variables/key-values.ts';
import { plainTools } from '../../../src/variables/vars-file.ts';

function values(...options: readonly string[]): unknown {
  const result = parseExtraVars(options, plainTools);
  if (!result.ok) return result.diagnostics.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
  return Object.fromEntries(
    [...result.value.entries].map(([name, entry]) => [name, entry.kind === 'value' ? entry.value : entry]),
  );
}

test('pairs are texts', () => {
  expect(values('a=1 b="two words" c=\'x y\' d=a=b e=')).toEqual({
    a: '1',
    b: 'two words',
    c: 'x y',
    d: 'a=b',
    e: '',
  });
});

test('a map keeps its types, in JSON and in YAML', () => {
  expect(values('{"a": 1, "b": [true, null]}', '{c: text, d: 1.5}')).toEqual({
    a: 1,
    b: [true, null],
    c: 'text',
    d: 1.5,
  });
});

test('a file is read, and a later option wins', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'hapb-extra-')), 'vars.yml');
  writeFileSync(file, 'a: 1\nb: "{{ a }}"\n');
  expect(values(`@${file}`, 'a=2')).toEqual({ a: '2', b: '{{ a }}' });
});

test('what is none of these says so', () => {
  expect(values('vars.yml')).toEqual([
    'HAPB3005 -e needs name=value, not `vars.yml` | Write -e @vars.yml to read that file.',
  ]);
  expect(values('a = 1')).toEqual([
    'HAPB3005 -e needs name=value, not `a` | Quote the whole option when a value holds spaces: -e \'msg="two words"\'.',
  ]);
  expect(values("a=it's b=2")).toEqual([
    'HAPB3005 a quote is not closed in -e `a=it\'s b=2` | Close it, or give a map, where a text may hold any quotes: -e \'{"name": "text"}\'.',
  ]);
  expect(values('[1]')).toEqual([
    'HAPB3006 -e needs a map of names to values, not a list | Write -e \'{"name": [1, 2]}\'.',
  ]);
  expect(values('my-var=1')).toEqual([
    'HAPB3001 "my-var" cannot be the name of a variable | Use letters, digits and underscores, and begin with a letter or an underscore.',
  ]);
});

test('an encrypted text without a password is told at its place', () => {
  expect(values('{a: !vault "$ANSIBLE_VAULT;1.1;AES256"}')).toEqual([
    'HAPB3003 this is encrypted, and no vault password is known | Pass --ask-vault-pass or --vault-password-file FILE.',
  ]);
});

// What ansible-core 2.19 makes of them.
test('quotes around values vanish, escapes are filled in, and other backslashes stay', () => {
  expect(
    splitKeyValues(String.raw`a="x\"y" b=C:\dir c=it"'s" d="a\tb\x41\u00e9" e=\U0001f600\Uffffffff f='a b'`),
  ).toEqual(['a=x"y', String.raw`b=C:\dir`, `c=it"'s"`, 'd=a\tbA\u00e9', 'e=\u{1f600}\\Uffffffff', 'f=a b']);
});
