import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { bannerColumns, wantsColour } from '../../../src/cli/terminal.ts';

test.each<[string, Record<string, string>, boolean, boolean]>([
  ['a terminal is coloured', {}, true, true],
  ['a pipe is not', {}, false, false],
  ['NO_COLOR turns it off', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR does not', { NO_COLOR: '' }, true, true],
  ['ANSIBLE_NOCOLOR turns it off', { ANSIBLE_NOCOLOR: 'True' }, true, false],
  ['ANSIBLE_NOCOLOR=0 does not', { ANSIBLE_NOCOLOR: '0' }, true, true],
  ['ANSIBLE_FORCE_COLOR turns it on for a pipe', { ANSIBLE_FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ['a dumb terminal is plain', { TERM: 'dumb' }, true, false],
])('%s', (_, env, outIsTerminal, expected) => {
  expect(wantsColour({ env, outIsTerminal })).toBe(expected);
});

test('banners are one column narrower than the terminal, at least 79', () => {
  expect([0, 40, 80, 120].map((columns) => bannerColumns({ columns }))).toEqual([79, 79, 79, 119]);
});

test.each([
  ['HAPB1003', 4],
  ['HAPB2004', 4],
  ['HAPB4001', 4],
  ['HAPB1020', 1],
  ['HAPB3122', 1],
  ['HAPB8001', 5],
  ['HAPB8004', 1],
  ['HAPB8006', 99],
  ['HAPB9000', 250],
] as const)('%s before a run ends the program with %i', (code, exitCode) => {
  expect(exitCodeOf(code)).toBe(exitCode);
});
