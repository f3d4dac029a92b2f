import type { ShellReply } from '../../connection/connection.ts';
import { quote } from '../../connection/quote.ts';
import type { Change, Forecast } from '../../core/change.ts';
import { known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { endWithNewline, sha256Of } from '../../core/text-measure.ts';
import { Unknown } from '../../core/unknown.ts';
import { isList, type Output, type Value } from '../../core/value.ts';
import { unforeseenFile } from '../asks/file-state.ts';
import type { ArgSchema, HostWriter } from '../module.ts';
import type { GuardArgs } from './command-guard.ts';
import { withSignal } from './own-process.ts';
import { lastLines } from './steps.ts';

/** Arguments that `command` and `shell` share. */
export interface RunArgs extends GuardArgs {
  readonly stdin?: Text;
  readonly stdin_add_newline?: boolean;
  readonly strip_empty_ends?: boolean;
  readonly durable?: boolean;
}

/** A command that is to run. */
export interface CommandChange extends Change {
  /** What it reads on its standard input besides `run.stdin`: a script to put in place. `null`: nothing. */
  readonly input: Text | Uint8Array | null;
  /** How it is registered: the words, or the shell's text. */
  readonly cmd: Value;
  readonly sh: string;
  readonly args: readonly Text[];
  readonly run: RunArgs;
}

/** The arguments that `command` and `shell` share besides the guards. */
export const runArguments: Readonly<Record<string, ArgSchema>> = {
  stdin: { type: 'string', secret: 'allowed', description: 'What the command reads on its standard input.' },
  stdin_add_newline: { type: 'boolean', default: true, description: 'End stdin with a newline.' },
  strip_empty_ends: {
    type: 'boolean',
    default: true,
    description: 'Drop newlines at the end of the output.',
  },
  durable: {
    type: 'boolean',
    default: false,
    description:
      'Run it detached on the host and follow it, so that it outlives a lost connection; the next run takes it up instead of starting it twice. stdout then holds both streams.',
  },
};

/** Keys of what the command modules register. */
export const runReturns: Readonly<Record<string, string>> = {
  cmd: 'The command: a list of words, or the text given to the shell.',
  rc: 'Exit code; where a signal ended it, minus the signal’s number.',
  stdout: 'Standard output.',
  stdout_lines: 'The same as a list of lines.',
  stderr: 'Standard error.',
  stderr_lines: 'The same as a list of lines.',
  start: 'When it started, by the controller’s clock.',
  end: 'When it ended.',
  delta: 'How long it took, as h:mm:ss.micros.',
};

/** The change of running something; its forecast is unknown unless a guard decides. */
export function commandChange(
  what: Pick<CommandChange, 'summary' | 'cmd' | 'sh' | 'args' | 'run'> &
    Partial<Pick<CommandChange, 'input'>>,
): CommandChange {
  const { creates, removes, chdir } = what.run;
  const forecast: Forecast =
    creates === undefined && removes === undefined
      ? { kind: 'unknown', unknown: new Unknown('only running the command would tell') }
      : known;
  const touched = [creates, removes].flatMap((path) => {
    if (path === undefined) return [];
    if (path.startsWith('/')) return [path];
    return chdir?.startsWith('/') === true ? [`${chdir.replace(/\/+$/, '')}/${path}`] : [];
  });
  const effects = touched.map((path) => unforeseenFile(path, 'a command makes or removes it'));
  return { input: null, ...what, edits: [], effects, forecast };
}

/** What is registered when a guard says that nothing has to run. */
export function skippedOutput(cmd: Value, why: string): Output {
  return {
    cmd,
    rc: 0,
    stdout: why,
    stdout_lines: [why],
    stderr: '',
    stderr_lines: [],
    start: null,
    end: null,
    delta: null,
    msg: `Did not run command since '${why.replace(/^skipped, since /, '').replace(/ (exists|does not exist)$/, "' $1")}`,
  };
}

/** Runs it. @throws Failure HAPB6010 when it ends with another exit code than 0, with the output that is registered */
export async function runCommand(wanted: CommandChange, host: HostWriter): Promise<Output> {
  const startMs = Date.now();
  const reply = await execute(wanted, host);
  const endMs = Date.now();
  if (reply.exitCode === 213 && reply.stderr.startsWith(chdirFailed)) {
    throw new Failure({
      code: 'HAPB6011',
      message: `cannot change to the folder ${wanted.run.chdir ?? ''}`,
      hint: 'Create it first, or correct `chdir`.',
      argument: 'chdir',
      output: {
        ...neverStarted(wanted.cmd, null),
        msg: 'Unable to change directory before execution.',
        start: null,
        end: null,
        delta: null,
      },
    });
  }
  if (reply.exitCode === 214 && reply.stderr.startsWith(noProgram)) {
    const name = reply.stderr.slice(noProgram.length).trim();
    throw new Failure({
      code: 'HAPB6014',
      message: `${host.name} has no program "${name}"`,
      hint: 'Install it, or give its whole path: programs are looked for in the PATH of a login without terminal.',
      output: { ...neverStarted(quotedWords(wanted.cmd), 2), msg: 'Error executing command.' },
    });
  }
  const output = commandOutput(reply, {
    cmd: wanted.cmd,
    startMs,
    endMs,
    strip: wanted.run.strip_empty_ends,
  });
  if (reply.exitCode === 0) return output;
  const { rc } = withSignal(reply);
  throw new Failure({
    code: 'HAPB6010',
    message:
      rc < 0
        ? `the command was ended by signal ${-rc}`
        : `the command ended with exit code ${rc}${rc === 127 ? ' (not found)' : ''}`,
    hint: 'Read its output below; `failed_when` says which results count as failures.',
    details: lastLines(reply.stderr.trim() || reply.stdout.trim(), 30),
    output: { ...output, changed: true },
  });
}

/** Runs it as `raw` and `script` do: registers the exit code and the output as it came. @throws Failure as `runCommand` */
export async function runPlain(wanted: CommandChange, host: HostWriter): Promise<Output> {
  const plain = { ...wanted, run: { ...wanted.run, strip_empty_ends: false } };
  try {
    const { msg: _, ...output } = withoutTimes(await runCommand(plain, host));
    return output;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure({ ...thrown.problem, output: withoutTimes(thrown.problem.output ?? {}) });
  }
}

function withoutTimes<T>(output: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const { cmd: _cmd, start: _start, end: _end, delta: _delta, ...rest } = output;
  return rest;
}

/** Keys of what `raw` and `script` register. */
export const plainReturns: Readonly<Record<string, string>> = {
  rc: 'Exit code; where a signal ended it, minus the signal’s number.',
  stdout: 'Standard output, with the newlines at its end.',
  stdout_lines: 'The same as a list of lines.',
  stderr: 'Standard error.',
  stderr_lines: 'The same as a list of lines.',
};

/** What is registered of a command that did not start. */
function neverStarted(cmd: Value, rc: number | null): Output {
  return { cmd, rc, stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
}

/** Words as one line for a shell. */
function quotedWords(cmd: Value): Value {
  return isList(cmd) ? cmd.map((word) => (typeof word === 'string' ? quote(word) : '')).join(' ') : cmd;
}

/** What is registered of a command that ran. `strip`: without newlines at the end of its output, unless false. */
export function commandOutput(
  reply: Pick<ShellReply, 'exitCode' | 'stdout' | 'stderr'>,
  ran: {
    readonly cmd: Value;
    readonly startMs: number;
    readonly endMs: number;
    readonly strip?: boolean | undefined;
  },
): Output {
  const clean = (text: string): string => (ran.strip === false ? text : text.replace(/[\r\n]+$/, ''));
  const { rc, ...said } = withSignal(reply);
  const stdout = clean(said.stdout);
  const stderr = clean(said.stderr);
  return {
    cmd: ran.cmd,
    rc,
    msg: rc === 0 ? '' : 'non-zero return code',
    stdout,
    stdout_lines: linesOf(stdout),
    stderr,
    stderr_lines: linesOf(stderr),
    start: timestamp(ran.startMs),
    end: timestamp(ran.endMs),
    delta: duration(ran.endMs - ran.startMs),
  };
}

const chdirFailed = 'hapb: no such folder';

/** Start of a script that changes into `$1` if it is not empty, and shifts it away. */
export const enterFolder = `
if [ -n "$1" ]; then cd "$1" 2>/dev/null || { echo '${chdirFailed}' >&2; exit 213; }; fi
shift
`;

const noProgram = 'hapb: no program ';

/** Part of a script that ends it when `$1` is no program. */
export const requireProgram = `
command -v "$1" >/dev/null || { printf '${noProgram}%s\\n' "$1" >&2; exit 214; }
`;

async function execute(wanted: CommandChange, host: HostWriter): Promise<ShellReply> {
  const { run, sh, args } = wanted;
  const stdin =
    run.stdin === undefined || run.stdin_add_newline === false ? run.stdin : endWithNewline(run.stdin);
  if (run.durable !== true) {
    const given = wanted.input ?? stdin;
    return host.run({ sh, args, ...(given === undefined ? {} : { stdin: given }) });
  }
  const plain = args.filter((arg) => typeof arg === 'string');
  if (plain.length !== args.length) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'a durable command may not hold a secret in its text',
      hint: 'Pass the secret with `stdin:`.',
    });
  }
  const result = await host.durable({
    resource: `command ${sha256Of(JSON.stringify([sh, ...plain])).slice(0, 16)}`,
    for: 'owner',
    sh,
    args: plain,
    timeoutMs: 86_400_000,
    unseen: 'counts',
    onLine: (line) => host.progress(line),
    ...(stdin === undefined ? {} : { stdin }),
  });
  const exitCode = result.kind === 'finished' ? result.exitCode : null;
  if (exitCode === null) {
    throw new Failure({
      code: 'HAPB6013',
      message: 'the command ran on the host, and another run has taken its exit code',
      hint: 'Look at what it did, then run the playbook again.',
      details: lastLines(result.output, 30),
    });
  }
  return { exitCode, stdout: result.output, stderr: '', droppedBytes: 0 };
}

/** Python's `splitlines`: a newline at the end begins no line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function timestamp(atMs: number): string {
  return `${new Date(atMs).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

function duration(spanMs: number): string {
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  const seconds = spanMs / 1000;
  const micros = String(Math.round((seconds % 1) * 1e6)).padStart(6, '0');
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${micros}`;
}
