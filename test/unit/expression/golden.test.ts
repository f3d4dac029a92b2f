import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Value, ValueMap } from '../../../src/core/value.ts';
import { evaluate, render } from '../template/texts.ts';

interface Golden {
  readonly program: string;
  readonly variables?: ValueMap;
  readonly cases: readonly { readonly text: string; readonly value?: Value; readonly fails?: true }[];
}

function golden(name: string): Golden {
  const text = readFileSync(new URL(`../../golden/expressions/${name}`, import.meta.url), 'utf8');
  // JSON.parse cannot tell 3.0 from 3.
  return evaluate('text | from_json', { text }) as unknown as Golden;
}

/** Where we answer differently on purpose; docs/expressions.md gives the reasons. */
const differences: Readonly<Record<string, Value>> = {
  '{{ [1, null, [null, 2]] | flatten }}': [1, 2],
  '{{ [1, null, [null, 2]] | flatten(skip_nulls=false) }}': [1, null, null, 2],
};

describe.each(['ansible-core.json', 'ansible-utils.json'])('expressions as in %s', (name) => {
  const { cases, variables = {} } = golden(name);

  test.each(cases.map((one) => [one.text, one] as const))('%s', (text, { value, fails }) => {
    const different = differences[text];
    if (different !== undefined) expect(render(text, variables)).toEqual(different);
    else if (fails === true) expect(() => render(text, variables)).toThrow(/HAPB4\d{3}/);
    else expect(render(text, variables)).toEqual(value);
  });
});

test('every deliberate difference is one', () => {
  const { cases } = golden('ansible-core.json');
  for (const [text, ours] of Object.entries(differences)) {
    const theirs = cases.find((one) => one.text === text);
    expect(theirs, text).toBeDefined();
    expect(theirs?.value, text).not.toEqual(ours);
  }
});
