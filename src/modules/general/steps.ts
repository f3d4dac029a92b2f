import type { ShellReply } from '../../connection/connection.ts';
import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import type { Ask } from '../ask.ts';
import { withFullDisk } from '../host/full-disk.ts';
import type { HostWriter, ScriptCall } from '../module.ts';

/** What to say when a step of `apply` ends with a non-zero exit code. */
export interface StepProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** Runs a script that must end with 0. @throws Failure with the last lines it printed */
export async function step(host: HostWriter, call: ScriptCall, problem: StepProblem): Promise<ShellReply> {
  const reply = await host.run(call);
  if (reply.exitCode === 0) return reply;
  throw stepFailed(reply, problem);
}

/** A script that must end with 0, and what to say when it does not. It works in its folder and sets no variables for others. */
export interface Step {
  readonly sh: string;
  readonly args: readonly string[];
  readonly problem: StepProblem;
}

/**
 * Runs scripts one after the other, in one round trip, and gives what they print. The first that fails is the last.
 * @throws Failure of that one
 */
export async function steps(host: HostWriter, list: readonly Step[]): Promise<string> {
  const [first, ...others] = list;
  if (first === undefined) return '';
  const reply = await host.run(others.length === 0 ? first : together(list));
  if (reply.exitCode === 0) return reply.stdout;
  throw stepFailed(reply, (list[reply.exitCode - 1] ?? first).problem);
}

/** As one script, which ends with the number of the step that failed. */
function together(list: readonly Step[]): ScriptCall {
  const words: string[] = [];
  const lines = list.map(({ sh, args }, index) => {
    const numbers = args.map((_, at) => `"\${${words.length + at + 1}}"`);
    words.push(...args);
    const [open, close] = /\bex(it|ec)\b/.test(sh) ? ['(', ')'] : ['{', '}'];
    return `step() ${open}\n${sh}\n${close}\nstep ${numbers.join(' ')} || exit ${index + 1}\n`;
  });
  return { sh: lines.join(''), args: words };
}

/**
 * Runs a script, which may `return`, and where it ends with 0 asks one question of what came of it in the same round trip. `found`
 * is null where it does not, or where nothing is asked. What the script prints is thrown away.
 */
export async function runThenAsk<T>(
  host: HostWriter,
  { sh, args = [], ...rest }: ScriptCall,
  asked: Ask<T>,
): Promise<{ readonly reply: ShellReply; readonly found: T | null }> {
  const [query] = asked.queries;
  const change = `change() {\n${sh}\n}\nchange "$@" >&2 || exit\n`;
  if (query === undefined) return { reply: await host.run({ sh: change, args, ...rest }), found: null };
  const words = query.args.map((_, at) => `"\${${args.length + at + 1}}"`).join(' ');
  const reply = await host.run({
    sh: `${change}echo done\nset -- ${words}\n${query.sh}`,
    args: [...args, ...query.args],
    ...rest,
  });
  const done = 'done\n';
  if (!reply.stdout.startsWith(done)) return { reply, found: null };
  const answer = { ...reply, stdout: reply.stdout.slice(done.length) };
  return { reply: { ...reply, exitCode: 0 }, found: asked.decode([query.parse(answer)]) };
}

/** What to throw for a script that ended with another code than 0: the problem with the last lines that it printed. */
export function stepFailed(reply: ShellReply, problem: StepProblem): Failure {
  const details = lastLines(reply.stderr || reply.stdout, 20);
  return new Failure({ ...withFullDisk(problem, details), details });
}

/** The last lines of an output, for the details of a failure. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** A change was made without an error, yet asking again finds something else. Code HAPB6004. */
export function notConverged(what: string, found: string): Failure {
  return new Failure({
    code: 'HAPB6004',
    message: `${what}: not converged, the host still shows ${found}`,
    hint: 'Something else on the host undoes or blocks the change; look for another manager of the same thing.',
  });
}
