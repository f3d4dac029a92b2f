import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { Value } from '../../../src/core/value.ts';
import { evaluate } from '../template/texts.ts';

interface Golden {
  readonly data: Value;
  readonly cases: readonly { readonly text: string; readonly value?: Value; readonly fails?: true }[];
}

const { data, cases } = JSON.parse(
  readFileSync(new URL('../../golden/expressions/jmespath.json', import.meta.url), 'utf8'),
) as Golden;

describe('json_query as in jmespath.py', () => {
  test.each(cases.map((one) => [one.text, one] as const))('%s', (text, { value, fails }) => {
    const run = () => evaluate('data | community.general.json_query(text)', { data, text });
    if (fails === true) expect(run).toThrow(/the JMESPath expression .* cannot be used here/);
    else expect(run()).toEqual(value);
  });
});

test('a name that objects have of themselves is no key', () => {
  expect(evaluate("data | json_query('constructor')", { data })).toBe(null);
  expect(evaluate("{'a': {}} | json_query('a.toString')")).toBe(null);
});

test('what it takes out of secrets is one', () => {
  const users = [{ name: 'ann', password: new Secret('s3cr3t', 'password') }];
  expect(evaluate("users | json_query('[0].password')", { users })).toBeInstanceOf(Secret);
});

test('floats are numbers', () => {
  expect(evaluate("[1.0, 2.5] | json_query('[?@ > `1`]')")).toEqual([2.5]);
});
