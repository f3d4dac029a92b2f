import { expect, test } from 'vitest';
import { suggest, suggestion } from '../../../src/document/suggest.ts';
import { isYamlElevenBoolean, yamlElevenBoolean } from '../../../src/document/yaml-eleven.ts';

test('the nearest name counts swapped letters as one slip and nothing far away', () => {
  expect(suggest('contnet', ['content', 'context', 'src'])).toBe('content');
  expect(suggest('hsots', ['hosts', 'vars'])).toBe('hosts');
  expect(suggest('frobnicate', ['hosts', 'vars'])).toBeNull();
});

test('a hint names the nearest, or all', () => {
  expect(suggestion('hsots', ['hosts', 'vars'])).toBe('Did you mean `hosts`?');
  expect(suggestion('frobnicate', ['hosts', 'vars'])).toBe('Known are: hosts, vars.');
});

test('texts that were booleans in YAML 1.1', () => {
  expect(['yes', 'No', 'ON', 'off', 'true', 'y', 'yess'].map(isYamlElevenBoolean)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(['yes', 'No', 'y', 'maybe'].map(yamlElevenBoolean)).toEqual([true, false, true, null]);
});
