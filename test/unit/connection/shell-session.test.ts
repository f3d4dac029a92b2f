import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShellReply, ShellRequest } from '../../../src/connection/connection.ts';
import { ShellEnded, type ShellSession } from '../../../src/connection/shell-session.ts';
import { shells, startSession } from './shells.ts';

const umask = process.umask().toString(8).padStart(4, '0');

describe.each(shells)('a session with $name', (shell) => {
  let session: ShellSession;
  let dispose: () => void;
  const run = (script: string, more: Omit<ShellRequest, 'script'> = {}): Promise<ShellReply> =>
    session.send({ script, ...more }, () => undefined);

  beforeEach(() => {
    const started = startSession(shell);
    session = started.session;
    dispose = () => started.session.close(null);
  });
  afterEach(() => dispose());

  it('keeps stdout, stderr and the exit code of each request apart', async () => {
    const replies = await Promise.all([
      run('echo one; echo uno >&2'),
      run('printf two; printf dos >&2; exit 3'),
      run('false'),
      run('echo four'),
    ]);
    expect(replies).toEqual([
      { exitCode: 0, stdout: 'one\n', stderr: 'uno\n', droppedBytes: 0 },
      { exitCode: 3, stdout: 'two', stderr: 'dos', droppedBytes: 0 },
      { exitCode: 1, stdout: '', stderr: '', droppedBytes: 0 },
      { exitCode: 0, stdout: 'four\n', stderr: '', droppedBytes: 0 },
    ]);
  });

  it.each([
    ['exec', 'exec sh -c "echo out; exit 4"', { exitCode: 4, stdout: 'out\n' }],
    ['closed outputs', 'exec >&- 2>&-; exit 5', { exitCode: 5, stdout: '' }],
    ['set -e', 'set -eu; false; echo no', { exitCode: 1, stdout: '' }],
    ['an EXIT trap', 'trap "echo bye" EXIT; exit 6', { exitCode: 6, stdout: 'bye\n' }],
    ['an ignored signal', 'trap "" TERM INT HUP; echo ok', { exitCode: 0, stdout: 'ok\n' }],
    ['a subshell that kills itself', "kill -9 $(exec sh -c 'echo $PPID')", { exitCode: 137, stdout: '' }],
    ['a read from stdin', 'cat; read -r x; echo "end $?"', { exitCode: 0, stdout: 'end 1\n' }],
    ['changed settings', 'cd /; umask 077; x=1; set -f; unset PATH; IFS=:', { exitCode: 0, stdout: '' }],
    ['a here-document', 'cat <<EOF\nit\'s "$1"\nEOF', { exitCode: 0, stdout: 'it\'s ""\n' }],
    ['a comment at the end', 'echo ok # comment', { exitCode: 0, stdout: 'ok\n' }],
    ['a backslash at the end', 'echo ok \\', { exitCode: 0, stdout: 'ok \\\n' }],
    ['an empty script', '', { exitCode: 0, stdout: '' }],
    [
      'an alias and a function',
      'alias printf=false; printf() { echo mine; }; printf x',
      { exitCode: 0, stdout: 'mine\n' },
    ],
  ])('survives %s', async (_name, script, expected) => {
    const [reply, next] = await Promise.all([
      run(script),
      run('cd; umask; echo "${x-unset} $-" | tr -d f; id -u >/dev/null; printf %s "$#"'),
    ]);
    expect(reply).toMatchObject(expected);
    expect(next.exitCode).toBe(0);
    expect(next.stdout).toMatch(new RegExp(`^${umask}\nunset [a-zA-Z]*\n0$`));
  });

  it.each([
    'if',
    'echo "',
    "echo '",
    ')',
    'case',
    '${',
    'for x in; do',
    '$(',
    '<<',
    '&&',
    'cat <<EOF\nno end',
  ])('answers a script with the syntax error %j, and the next one', async (script) => {
    const [reply, next] = await Promise.all([run(script), run('echo fine')]);
    if (!script.startsWith('cat')) expect(reply.exitCode).not.toBe(0);
    expect(next).toEqual({ exitCode: 0, stdout: 'fine\n', stderr: '', droppedBytes: 0 });
  });

  it('passes arguments and stdin unchanged', async () => {
    const args = [
      '',
      ' ',
      "it's",
      '"$HOME"',
      '`id`',
      '-n',
      '\\',
      'ü€😀',
      'a\nb\n',
      '*',
      '~',
      '!x',
      '\x01\x02\x7f',
    ];
    const reply = await run('printf "[%s]" "$@"; cat', { args, stdin: 'no newline at the end' });
    expect(reply.stdout).toBe(`${args.map((arg) => `[${arg}]`).join('')}no newline at the end`);
  });

  it('is sent a script once, however often it runs', async () => {
    const long = (word: string): string =>
      `# ${'x'.repeat(400)}\nprintf "%s ${word}\\n" "$1"; hapb_0=changed`;
    const scripts = Array.from({ length: 200 }, (_, index) => long(`it's ${index % 150}`));
    const replies = await Promise.all(scripts.map((script, index) => run(script, { args: [`"${index}"`] })));
    const expected = scripts.map((_, index) => `"${index}" it's ${index % 150}\n`);
    expect(replies.map(({ stdout }) => stdout)).toEqual(expected);
  });

  it('passes every byte through stdin', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    const reply = await run('od -An -v -tx1 | tr -d " \\n"', { stdin: bytes });
    expect(reply.stdout).toBe(Buffer.from(bytes).toString('hex'));
  });

  it('passes a large stdin', async () => {
    const text = "zwölf Boxkämpfer 😀 '%s\\n'\n".repeat(20_000);
    const reply = await run('cat', { stdin: text, maxOutputBytes: 10_000_000 });
    expect(reply.stdout === text).toBe(true);
  });

  it.each([
    ['text', Buffer.from("it's \\ %s ü😀\n".repeat(40_000))],
    ['binary data', Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7_919) % 256))],
  ])('passes large %s quickly once it knows the shell', async (_what, data) => {
    await session.ready;
    const args = ['x'.repeat(20_000), "'".repeat(3_000)];
    const [reply, next] = await Promise.all([
      run('printf "%s %s " "${#1}" "${#2}"; sha256sum', { stdin: data, args }),
      run('echo next'),
    ]);
    expect(reply.stdout).toBe(`20000 3000 ${createHash('sha256').update(data).digest('hex')}  -\n`);
    expect(next.stdout).toBe('next\n');
  });

  it('streams bulky data to its last request, byte for byte', async () => {
    const bytes = randomBytes(3_000_000);
    const before = run('echo before');
    const reply = await run('printf "%s " "$@"; sha256sum', {
      stdin: bytes,
      noticesCut: true,
      args: ['a b', "it's"],
    });
    expect((await before).stdout).toBe('before\n');
    expect(reply).toMatchObject({
      exitCode: 0,
      stdout: `a b it's ${createHash('sha256').update(bytes).digest('hex')}  -\n`,
    });
    await session.ended;
  });

  it.each([
    ['leaves them unread', 'exit 7', 7],
    ['reads a part', 'head -c 10 >/dev/null; exit 8', 8],
    ['is killed', "kill -9 $(exec sh -c 'echo $PPID')", 137],
    ['does not parse', 'if', null],
  ])('takes no bulky data for commands when the script %s', async (_what, script, exitCode) => {
    const folder = mkdtempSync(join(tmpdir(), 'hapb-bulky-'));
    const stdin = `: >${folder}/taken\n`.repeat(60_000);
    const reply = await run(script, { stdin, noticesCut: true });
    if (exitCode === null) expect(reply.exitCode).not.toBe(0);
    else expect(reply.exitCode).toBe(exitCode);
    await session.ended;
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('brings the answer through a pipe that a program made non-blocking', async () => {
    const filled = run(
      'perl -e \'use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK); syswrite(STDOUT, "x" x 1000) for 1..3000\'',
    );
    // Nobody reads for a moment, so that the pipe is full when the marker comes.
    await new Promise((resolve) => setTimeout(resolve, 30));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    expect((await filled).stdout).toMatch(/^x+$/);
  });

  it('does not mind a script that leaves its stdin unread', async () => {
    expect(await run('exit 7', { stdin: 'x'.repeat(300_000) })).toEqual({
      exitCode: 7,
      stdout: '',
      stderr: '',
      droppedBytes: 0,
    });
  });

  it('does not wait for a process that stays in the background', async () => {
    const reply = await run('sleep 5 & echo started');
    expect(reply.stdout).toBe('started\n');
  });

  it('keeps head and tail of a large output', async () => {
    const reply = await run('head -c 3000000 /dev/zero | tr "\\0" x; echo END', { maxOutputBytes: 1_000 });
    expect(reply.stdout).toBe(`${'x'.repeat(996)}END\n`);
    expect(reply.droppedBytes).toBe(3_000_004 - 1_000);
  });

  it('speaks English and knows the directories of the administrator', async () => {
    const reply = await run('echo "$LC_ALL $TERM"; case ":$PATH:" in *:/usr/sbin:*) echo yes ;; esac');
    expect(reply.stdout).toBe('C dumb\nyes\n');
  });

  it('shows no secret argument when a script is killed', async () => {
    const reply = await run("kill -9 $(exec sh -c 'echo $PPID')", { args: ['hunter2-secret'] });
    expect(reply.stdout + reply.stderr).not.toContain('hunter2');
  });

  it('reports what was seen when a script kills the shell itself', async () => {
    const begun: number[] = [];
    const sent = ['echo before; echo why >&2; kill -9 $$; sleep 5', 'echo later'].map((script, index) =>
      session.send({ script }, () => begun.push(index)).catch((error: unknown) => error),
    );
    const [first, second] = await Promise.all(sent);
    expect(first).toBeInstanceOf(ShellEnded);
    expect(first).toMatchObject({
      phase: 'running',
      stdout: 'before\n',
      stderr: 'why\n',
      end: { signal: 'SIGKILL' },
    });
    expect(second).toMatchObject({ phase: 'waiting' });
    expect(begun).toEqual([0]);
    expect(await run('echo after').catch((error: unknown) => error)).toMatchObject({ phase: 'unsent' });
  });
});
