import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { command } from '../../../../src/modules/general/command.ts';
import { raw } from '../../../../src/modules/general/raw.ts';
import { script } from '../../../../src/modules/general/script.ts';
import { shell } from '../../../../src/modules/general/shell.ts';
import { splitWords } from '../../../../src/modules/general/split-words.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe.each(shells)('commands in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
  });
  afterEach(() => host.dispose());

  it('runs words as they are, in a folder, and registers what they printed', async () => {
    const args = { argv: ['printf', '%s\\n', 'a b', "$(pwd) 'x'"], chdir: host.directory };
    const { output, change } = await expectLawful(command, args, { host });
    expect(output).toMatchObject({
      rc: 0,
      stdout: "a b\n$(pwd) 'x'",
      stdout_lines: ['a b', "$(pwd) 'x'"],
      stderr: '',
    });
    expect(change?.forecast.kind).toBe('unknown');
  });

  it('fills in variables and homes as Ansible does, and only where it is to', async () => {
    const argv = [
      'printf',
      '[%s]',
      '$HOME',
      'a${HOME}b',
      '$NO_SUCH',
      '${NO_SUCH}',
      '~',
      '~/x',
      '~root/x',
      'a~',
      "'$HOME'",
      '$1',
      '*',
      '',
    ];
    const { output } = await expectLawful(command, { argv }, { host });
    const home = '/root';
    expect(output.stdout).toBe(
      `[${home}][a${home}b][$NO_SUCH][\${NO_SUCH}][${home}][${home}/x][/root/x][a~]['${home}'][$1][*][]`,
    );
    const plain = await expectLawful(
      command,
      { argv: ['echo', '$HOME', '~'], expand_argument_vars: false },
      { host },
    );
    expect(plain.output.stdout).toBe('$HOME ~');
  });

  it('names the program that is not there', async () => {
    const run = expectLawful(command, { cmd: 'no-such-program --x' }, { host });
    const failure = await run.catch((thrown: unknown) => thrown);
    expect((failure as Failure).problem).toMatchObject({
      code: 'HAPB6014',
      message: 'here has no program "no-such-program"',
      output: { rc: 2, cmd: 'no-such-program --x', stdout: '', msg: 'Error executing command.' },
    });
  });

  it('runs a script of the controller with its arguments, and leaves nothing behind', async () => {
    const where = join(host.directory, 'where');
    const text = `#!/bin/sh\nprintf "%s|" "$@"; pwd; cat; echo "$0" >${where}; case $0 in */.hapb.*) ls -l "$0" | cut -c1-10 ;; esac; exit 3\n`;
    writeFileSync(join(host.directory, 'a script.sh'), text);
    const task = taskContext({ searchPath: [host.directory] });
    const args = { cmd: `'a script.sh' "x y" $((1 + 1))`, chdir: '/' };
    const failure = await expectLawful(script, args, { host, task }).catch((thrown: unknown) => thrown);
    expect((failure as Failure).problem).toMatchObject({
      code: 'HAPB6010',
      output: { rc: 3, stdout: 'x y|2|/\n-rwx------\n', changed: true, msg: 'non-zero return code' },
    });
    const how = await expectLawful(
      script,
      { cmd: `"a script.sh"`, executable: 'grep -c exit' },
      { host, task },
    );
    expect(how.output.stdout).toBe('1\n');
    expect(existsSync(readFileSync(where, 'utf8').trim())).toBe(false);
  });

  it('runs a script only where its guard lets it', async () => {
    const { output, change } = await expectLawful(
      script,
      { cmd: 'none.sh', creates: '/etc/passwd' },
      { host },
    );
    expect(change).toBeNull();
    expect(output).toEqual({ skipped: true, msg: '/etc/passwd exists, matching creates option' });
    const run = expectLawful(script, { cmd: '/no/such.sh' }, { host });
    await expect(run).rejects.toThrow('/no/such.sh was not found on the controller');
  });

  it('runs raw text with the host’s shell or another one', async () => {
    expect((await expectLawful(raw, { cmd: 'echo $((1 + 1))' }, { host })).output.stdout).toBe('2\n');
    const other = { cmd: 'echo "$0"', executable: '/bin/sh' };
    expect((await expectLawful(raw, other, { host })).output.stdout).toBe('/bin/sh\n');
  });

  it('fails with the output when the exit code is not 0', async () => {
    const run = expectLawful(shell, { cmd: 'echo out; echo err >&2; exit 3' }, { host });
    const failure = await run.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).problem).toMatchObject({
      code: 'HAPB6010',
      message: 'the command ended with exit code 3',
      details: 'err',
      output: { rc: 3, stdout: 'out', stderr: 'err', msg: 'non-zero return code' },
    });
  });

  it('names the folder that it cannot change to', async () => {
    const run = expectLawful(command, { cmd: 'true', chdir: '/no/such folder' }, { host });
    await expect(run).rejects.toThrow('cannot change to the folder /no/such folder');
  });

  it('does not run when creates matches, also by a pattern, nor when removes does not', async () => {
    writeFileSync(join(host.directory, 'made by.log'), '');
    const made = { cmd: 'false', chdir: host.directory, creates: 'made b*.log' };
    const { change, output } = await expectLawful(shell, made, { host });
    expect(change).toBeNull();
    expect(output).toMatchObject({ rc: 0, stdout: 'skipped, since made b*.log exists' });
    const gone = await expectLawful(command, { cmd: 'false', removes: '/no/such/file' }, { host });
    expect(gone.output).toMatchObject({ stdout: 'skipped, since /no/such/file does not exist' });
  });

  it('runs once with creates, and the next run has nothing to do', async () => {
    const path = join(host.directory, 'done');
    const { change } = await expectLawful(shell, { cmd: `echo x >${path}`, creates: path }, { host });
    expect(change?.forecast.kind).toBe('known');
  });

  it('gives stdin with a newline at its end, secret or not', async () => {
    const { output } = await expectLawful(
      shell,
      { cmd: 'wc -l | tr -d " "', stdin: new Secret('pass', 'x') },
      { host },
    );
    expect(output).toMatchObject({ stdout: '1' });
    const bare = { cmd: 'wc -l | tr -d " "', stdin: 'x', stdin_add_newline: false };
    expect((await expectLawful(shell, bare, { host })).output).toMatchObject({ stdout: '0' });
  });

  it('runs what may end itself in a process of its own, and says by which signal it ended', async () => {
    const ended = expectLawful(shell, { cmd: 'echo before; echo why >&2; kill -9 $$' }, { host });
    await expect(ended).rejects.toMatchObject({
      problem: {
        message: 'the command was ended by signal 9',
        output: { rc: -9, stdout: 'before', stderr: 'why' },
      },
    });
    const program = expectLawful(command, { argv: ['sh', '-c', 'kill -11 $$'] }, { host });
    await expect(program).rejects.toMatchObject({ problem: { output: { rc: -11, stderr: '' } } });
    const exited = expectLawful(shell, { cmd: 'exit 137' }, { host });
    await expect(exited).rejects.toMatchObject({ problem: { output: { rc: 137 } } });
    const { output } = await expectLawful(shell, { cmd: 'cat; echo $0; sleep 5 &', stdin: 'in' }, { host });
    expect(output).toMatchObject({ rc: 0, stdout: 'in\n/bin/sh', stderr: '' });
  });

  it('counts lines as Python does', async () => {
    const args = { argv: ['printf', 'a\\r\\nb\\n\\nc\\n\\n'], strip_empty_ends: false };
    expect((await expectLawful(command, args, { host })).output.stdout_lines).toEqual([
      'a',
      'b',
      '',
      'c',
      '',
    ]);
  });

  it('keeps the shell text whole: quotes, several lines, its own exit', async () => {
    const cmd = `set -eu\nfor i in 1 2; do echo "n $i"; done\n[ "\${hapb_text-none}" = none ] || echo leaked\nexit 0`;
    expect((await expectLawful(shell, { cmd }, { host })).output).toMatchObject({ stdout: 'n 1\nn 2' });
  });
});

describe('command lines', () => {
  it('are split as a shell quotes words', () => {
    expect(splitWords(`a 'b c'  "d \\" \\x" e\\ f '' g'h'`)).toEqual([
      'a',
      'b c',
      'd " \\x',
      'e f',
      '',
      'gh',
    ]);
    expect(() => splitWords(`echo 'open`)).toThrow(
      "the quote ' in this command line is never closed: echo 'open",
    );
  });

  it('refuse both forms at once, neither, and secrets for another shell', () => {
    const state = { creates: null, removes: null };
    const task = { host: 'n', playHosts: [], searchPath: [], renderText: (text: string) => text };
    expect(() => command.diff({}, state, task)).toThrow('command has nothing to run');
    expect(() => command.diff({ cmd: 'a', argv: ['b'] }, state, task)).toThrow(
      'command has both cmd and argv',
    );
    const args = { cmd: new Secret('echo hidden', 'token'), executable: '/bin/bash' };
    expect(() => shell.diff(args, state, task)).toThrow('the text holds a secret');
    expect(shell.diff({ cmd: new Secret('echo hidden', 'token') }, state, task)?.summary).toBe('run ‹token›');
  });
});
