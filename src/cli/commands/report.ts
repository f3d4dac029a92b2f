import { Failure } from '../../core/failure.ts';
import { fileSpan } from '../../core/source.ts';
import type { Event } from '../../events/event.ts';
import { safeValue } from '../../events/redact.ts';
import { chooseReporters, type OutputChoice } from '../../reports/choose.ts';
import { exitCodes } from '../exit-codes.ts';
import { readNamedFile } from '../files.ts';
import { reportContext } from '../report-context.ts';
import type { Terminal } from '../terminal.ts';

/** What `hapb report` was asked for. */
export interface ReportOptions {
  readonly file: string;
  readonly outputs: readonly OutputChoice[];
  readonly diff: 'show' | 'hide';
  readonly verbosity: number;
}

/** Reads a log and writes other reports from it. @throws Failure HAPB8004, HAPB8008, HAPB8009 */
export async function reportCommand(options: ReportOptions, terminal: Terminal): Promise<number> {
  const events = parseLog(readNamedFile(options.file, 'log'), options.file);
  const context = reportContext(options, { ...terminal, outIsTerminal: false });
  // A file report needs no report for people beside it.
  const asked = options.outputs.length > 0 ? options.outputs : [{ kind: 'plain', file: null } as const];
  const quiet = { ...context, screen: { ...context.screen, write: () => undefined } };
  const onScreen = asked.some(({ file }) => file === null);
  const reporters = await chooseReporters(asked, onScreen ? context : quiet);
  for (const event of events) for (const reporter of reporters) reporter.on(event);
  for (const reporter of reporters) await reporter.close();
  return exitCodes.success;
}

/** The events of a log; a last line that was cut (the run was killed) is left out. @throws Failure HAPB8008 */
function parseLog(text: string, file: string): readonly Event[] {
  const lines = text.split('\n');
  const events: Event[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = parseLine(line);
    if (event !== null) events.push(safeValue(event));
    else if (index < lines.length - 1 || events.length === 0) throw notALog(file, index + 1);
  }
  if (events[0] === undefined || (events[0].type === 'run.started' && events[0].schema !== 1))
    throw notALog(file, 1);
  return events;
}

function parseLine(line: string): Event | null {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'type' in value && 'seq' in value;
    return isEvent ? (value as Event) : null;
  } catch {
    return null;
  }
}

function notALog(file: string, line: number): Failure {
  const start = { line, column: 1, offset: 0 };
  return new Failure(
    {
      code: 'HAPB8008',
      message: `${file} is not a log of hapb`,
      hint: 'Write one with: hapb run PLAYBOOK --output jsonl=FILE',
    },
    { ...fileSpan(file), start, end: start },
  );
}
