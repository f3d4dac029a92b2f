import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { typeInto } from '../../../src/cli/ask-secret.ts';
import { gatherPasswords } from '../../../src/cli/passwords.ts';
import { toRunOptions } from '../../../src/cli/run-flags.ts';
import { reveal } from '../../../src/core/reveal.ts';
import { fakeTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-pass-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('asks for each password once and makes secrets of the answers', async () => {
  const questions: string[] = [];
  const answers = ['ssh-pw', ''];
  const askSecret = (question: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(answers.shift() ?? '');
  };
  const options = toRunOptions(['s'], {
    verbose: 0,
    askPass: true,
    askBecomePass: true,
  });
  const { connection, become } = await gatherPasswords(options, fakeTerminal({ askSecret }));
  expect(questions).toEqual(['SSH password: ', 'BECOME password[defaults to SSH password]: ']);
  expect(JSON.stringify({ connection, become })).toBe(
    '{"connection":"‹connection password›","become":"‹connection password›"}',
  );
  expect(become === null ? '' : reveal(become)).toBe('ssh-pw');
});

test('reads a password from a file without its last newline', async () => {
  const path = join(folder, 'pw');
  writeFileSync(path, ' from file \n');
  const options = toRunOptions(['s'], { verbose: 0, becomePasswordFile: path });
  const { become } = await gatherPasswords(options, fakeTerminal());
  expect(become === null ? '' : reveal(become)).toBe(' from file ');
});

test('runs a file that is executable, and takes what it prints', async () => {
  const path = join(folder, 'script');
  writeFileSync(path, '#!/bin/sh\necho " printed "\necho\n', { mode: 0o700 });
  const options = toRunOptions(['s'], { verbose: 0, connectionPasswordFile: path });
  const { connection } = await gatherPasswords(options, fakeTerminal());
  expect(connection === null ? '' : reveal(connection)).toBe(' printed ');
});

test.each([
  ['#!/bin/sh\nexit 3\n', 0o700, 'the become password script PATH failed: it ended with 3'],
  ['\n', 0o600, 'the become password file PATH gives no password'],
])('refuses what gives no password: %j', async (text, mode, message) => {
  const path = join(folder, `bad-${String(mode)}`);
  writeFileSync(path, text, { mode });
  const options = toRunOptions(['s'], { verbose: 0, becomePasswordFile: path });
  await expect(gatherPasswords(options, fakeTerminal())).rejects.toThrow(message.replace('PATH', path));
});

test('says what to do where there is no terminal or no file', async () => {
  const asked = toRunOptions(['s'], { verbose: 0, askBecomePass: true });
  await expect(gatherPasswords(asked, fakeTerminal())).rejects.toThrow(
    'the become password cannot be asked for: there is no terminal',
  );
  const missing = toRunOptions(['s'], { verbose: 0, connectionPasswordFile: join(folder, 'none') });
  await expect(gatherPasswords(missing, fakeTerminal())).rejects.toThrow(
    'cannot read the connection password file',
  );
});

test('keys are typed, taken back and ended', () => {
  expect(typeInto('', 'ab\u007fc')).toEqual({ kind: 'typing', text: 'ac' });
  expect(typeInto('xy', '\u0015é🎉\b\rrest')).toEqual({ kind: 'done', text: 'é' });
  expect(typeInto('xy', 'z\u0004')).toEqual({ kind: 'done', text: 'xyz' });
  expect(typeInto('xy', '\u0003')).toEqual({ kind: 'interrupted' });
  expect(typeInto('', '\u001b[A')).toEqual({ kind: 'typing', text: '[A' });
});
