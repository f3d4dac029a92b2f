import { error } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { printDiagnostic } from '../core/print-diagnostic.ts';
import { safeValue } from '../events/redact.ts';
import { secretPrompt } from './ask-secret.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createSourceReader } from './files.ts';
import { type KeepCode, keepCodeAtEnd } from './keep-code.ts';
import { runProgram } from './program.ts';
import { errorPaint, type Terminal } from './terminal.ts';
import { commandLine } from './usage.ts';

/** Put in place of the name when the program is bundled. */
declare const HAPB_VERSION: string | undefined;
const version =
  typeof HAPB_VERSION === 'string' ? HAPB_VERSION : (process.env.npm_package_version ?? 'unbundled');

/** What the bundle's first part hands over. */
declare const HAPB_KEEP: KeepCode | null | undefined;

const stop = new AbortController();
const interruption = new AbortController();

/** Lines for a file or a pipe, of which those of one turn of the event loop go out together. */
let lines = '';
function writeLines(): void {
  const text = lines;
  lines = '';
  if (text !== '') process.stdout.write(text);
}

function writeOut(text: string | Uint8Array): void {
  if (process.stdout.isTTY === true || typeof text !== 'string') {
    writeLines();
    process.stdout.write(text);
    return;
  }
  if (lines === '') setImmediate(writeLines);
  lines += text;
}

const terminal: Terminal = {
  writeOut,
  writeError: (text) => {
    writeLines();
    process.stderr.write(text);
  },
  inIsTerminal: process.stdin.isTTY === true,
  outIsTerminal: process.stdout.isTTY === true,
  errorIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 0,
  rows: process.stdout.rows ?? 0,
  env: process.env,
  stopping: stop.signal,
  interrupted: interruption.signal,
  get askSecret() {
    return secretPrompt();
  },
};

function show(problem: unknown): number {
  const style = { source: createSourceReader(), paint: errorPaint(terminal) };
  if (problem instanceof Failure) {
    terminal.writeError(`${printDiagnostic(safeValue(problem.toDiagnostic(commandLine)), style)}\n`);
    return exitCodeOf(problem.problem.code);
  }
  const diagnostic = error({
    code: 'HAPB9000',
    message: `hapb has a bug: ${problem instanceof Error ? problem.message : String(problem)}`,
    span: commandLine,
    hint: 'Please report it with these lines and what you ran.',
    details: problem instanceof Error ? (problem.stack ?? '') : '',
  });
  terminal.writeError(`${printDiagnostic(safeValue(diagnostic), style)}\n`);
  return exitCodes.bug;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first asks the run to end in order, the second to end what is under way; who asks once more wants to be gone.
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    if (stop.signal.aborted) interruption.abort();
    else stop.abort();
  });
}
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  // Whoever read the output has left, as `hapb … | head` does.
  if (problem.code !== 'EPIPE') throw problem;
  process.exit(exitCodes.problem);
});

process.on('exit', () => {
  writeLines();
  // The live tree hides the cursor; whoever ends the process in the middle of it must not leave it so.
  if (process.stdout.isTTY === true) process.stdout.write('\u001b[?25h');
});

if (typeof HAPB_KEEP === 'object' && HAPB_KEEP !== null) keepCodeAtEnd(HAPB_KEEP);

/** Nothing keeps the process once its work is done: a socket that a host holds open least of all. */
function leave(exitCode: number): void {
  process.exitCode = exitCode;
  setTimeout(() => process.exit(exitCode), 2000).unref();
}

runProgram({ words: process.argv.slice(2), version, terminal }).then(leave, (problem: unknown) =>
  leave(show(problem)),
);
