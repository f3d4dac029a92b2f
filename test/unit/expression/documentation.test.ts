import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { methodNames } from '../../../src/expression/methods.ts';
import { filterNames, testNames } from '../../../src/expression/registry.ts';
import { evaluate } from '../template/texts.ts';

const page = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

/** The rows `| expression | gives |` of a part of the page. */
function rows(part: string): readonly (readonly [string, string])[] {
  const text = part.replaceAll('\\|', '\u0000');
  return [...text.matchAll(/^\| `([^|]+)` \| `([^|]+)` \|$/gm)].map(([, left = '', right = '']) => [
    left.replaceAll('\u0000', '|'),
    right.replaceAll('\u0000', '|'),
  ]);
}

function section(title: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
}

const variables = {
  name: 'node-1',
  port: 6443,
  nodes: [
    { name: 'a', ip: '10.0.0.1' },
    { name: 'b', ip: '10.0.0.2' },
  ],
  result: { rc: 0, changed: true, stdout: 'v1.34.2' },
};

describe('every example of docs/expressions.md', () => {
  const all = rows(page);
  test('is found', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  test.each(all)('%s gives %s', (text, gives) => {
    expect(evaluate(text, variables)).toEqual(evaluate(gives));
  });
});

test('every filter has an example', () => {
  const examples = rows(section('Filters')).map(([text]) => text);
  const shown = (name: string) =>
    examples.some((text) => new RegExp(`\\| ${name}(?![\\w])|^${name} `).test(text));
  expect(filterNames.filter((name) => !shown(name))).toEqual([]);
});

test('every test has an example', () => {
  const examples = rows(section('Tests')).map(([text]) => text);
  const named = testNames.filter((name) => /\w/.test(name));
  const shown = (name: string) =>
    examples.some((text) => new RegExp(`is (?:not )?${name}(?![\\w])`).test(text));
  expect(named.filter((name) => !shown(name))).toEqual([]);
});

test('every method is named', () => {
  const text = section('Paths');
  expect([...methodNames].filter((name) => !new RegExp(`\\.${name}(?![\\w])`).test(text))).toEqual([]);
});

test('the table of what playbooks use says truly which filters there are', () => {
  const uses = [...section('What playbooks use').matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no: .+) \|$/gm)];
  expect(uses.length).toBe(60);
  for (const [, name = '', , supported] of uses)
    expect([name, filterNames.includes(name)]).toEqual([name, supported === 'yes']);
});
