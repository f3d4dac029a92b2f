import { expect, test } from 'vitest';
import { nearest } from '../../../src/core/nearest.ts';

test.each([
  ['defualt', 'default'],
  ['uper', 'upper'],
  ['Upper', 'upper'],
  ['ansible_fact', 'ansible_facts'],
  ['regex_serach', 'regex_search'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, ['upper', 'default', 'ansible_facts', 'regex_search'])).toBe(meant);
});

test('a word that is near nothing has no nearest', () => {
  expect(nearest('kubernetes', ['upper', 'default'])).toBeNull();
  expect(nearest('x', ['y', 'z'])).toBeNull();
  expect(nearest('word', [])).toBeNull();
});

test('of several near ones the nearest is taken', () => {
  expect(nearest('portal', ['ports', 'porta', 'port'])).toBe('porta');
});

test('swapped neighbours count as one slip, wherever they stand', () => {
  expect(nearest('tlameptes', ['templates', 'template_s'])).toBe(null);
  expect(nearest('ansible_ohst', ['ansible_port', 'ansible_host'])).toBe('ansible_host');
  expect(nearest('hots', ['host'])).toBe('host');
});
