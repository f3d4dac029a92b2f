import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { Failure } from '../../../src/core/failure.ts';
import { fakeTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = new URL('../reports/fixtures/ha.jsonl', import.meta.url).pathname;

interface End {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

async function hapb(...words: readonly string[]): Promise<End> {
  const terminal = fakeTerminal();
  try {
    const exitCode = await runProgram({ words, version: '1.2.3', terminal });
    return { exitCode, out: terminal.out, error: terminal.error };
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    const { code, message, hint } = problem.problem;
    return { exitCode: exitCodeOf(code), out: terminal.out, error: `${code}: ${message}\n${hint}` };
  }
}

describe('command line', () => {
  test('ends with 1 where nothing is left to go on with: the flags themselves are right', async () => {
    expect(await hapb('run', 'site.yml', '-i', 'h1,', '--resume')).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('HAPB8026') as string,
    });
  });

  test('shows its version and its help', async () => {
    expect(await hapb('--version')).toEqual({ exitCode: 0, out: '1.2.3\n', error: '' });
    expect((await hapb('--help')).out).toContain('report [options] <file>');
    expect((await hapb('run', '--help')).out).toContain('-C, --check');
    expect(await hapb()).toMatchObject({
      exitCode: 5,
      out: expect.stringContaining('Usage: hapb') as string,
    });
  });

  test.each([
    ['a misspelt flag', ['run', 'x', '--chekc'], "HAPB8001: unknown option '--chekc'\nDid you mean --check?"],
    ['a misspelt command', ['modlues'], "HAPB8001: unknown command 'modlues'\nDid you mean modules?"],
    [
      'no playbook',
      ['run'],
      "HAPB8001: missing required argument 'playbook'\nSee hapb --help and hapb COMMAND --help.",
    ],
    [
      'a flag that only Ansible has',
      ['run', 'x', '--scp-extra-args=m'],
      'HAPB8002: hapb has no --scp-extra-args\nLeave it out: files travel over the connection of the host.',
    ],
    [
      'an unknown module',
      ['modules', 'copy_fil'],
      "HAPB8011: there is no module 'copy_fil'\nDid you mean copy_file?",
    ],
    [
      'no view',
      ['inventory'],
      'HAPB8001: hapb inventory was not told what to show\nAdd --graph, --list, --host NAME or --explain HOST VARIABLE.',
    ],
  ])('refuses %s with a remedy', async (_, words, error) => {
    expect(await hapb(...words)).toEqual({ exitCode: 5, out: '', error });
  });

  test('lists modules and describes one from its schema', async () => {
    const list = (await hapb('modules')).out;
    expect(list.split('\n').length).toBeGreaterThan(7);
    expect(list).toMatch(/^kubeadm_join +\S/m);
    const doc = (await hapb('modules', 'ansible.builtin.command')).out;
    expect(doc).toMatch(/^command: /);
    expect(doc).toContain('Example:\n  - ');
  });
});

describe('report', () => {
  test('prints a log as plain lines', async () => {
    const { exitCode, out } = await hapb('report', log);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\nPLAY \[Control plane\] \*+\n\nTASK \[Gathering Facts\] \*+\nok: \[cp1\]\n/);
    expect(out).toMatch(/\nBARRIER \[prepared\] \*+\n/);
  });

  test('writes HTML and JUnit and then nothing on the screen', async () => {
    const [html, junit] = [join(folder, 'run.html'), join(folder, 'run.xml')];
    expect(await hapb('report', log, '--html', html, '--junit', junit)).toEqual({
      exitCode: 0,
      out: '',
      error: '',
    });
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(readFileSync(junit, 'utf8')).toContain('<testsuite name="Control plane" ');
  });

  test('reads a log whose last line was cut', async () => {
    const cut = join(folder, 'cut.jsonl');
    writeFileSync(cut, readFileSync(log, 'utf8').slice(0, 5_000));
    expect((await hapb('report', cut)).out).toContain('TASK [Gathering Facts]');
  });

  test('tells what is no log, what is missing and what cannot be written', async () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{}\n');
    expect(await hapb('report', other)).toMatchObject({
      exitCode: 1,
      error: expect.stringMatching(/^HAPB8008: .* is not a log of hapb/) as string,
    });
    const missing = await hapb('report', join(folder, 'none'));
    expect(missing.error).toMatch(/^HAPB8004: cannot read the log .*: there is no such file or folder/);
    const unwritable = await hapb('report', log, '--html', join(folder, 'no/such/x.html'));
    expect(unwritable.error).toMatch(
      /^HAPB8009: cannot write the report .*: there is no such file or folder/,
    );
  });
});
