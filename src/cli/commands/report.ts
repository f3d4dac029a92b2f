import { createReporters, type OutputChoice } from '../../reports/choose.ts';
import { exitCodes } from '../exit-codes.ts';
import { readNamedFile } from '../files.ts';
import { parseLog } from '../log-file.ts';
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
  const reporters = await createReporters(options.outputs, context);
  for (const event of events) for (const reporter of reporters) reporter.on(event);
  for (const reporter of reporters) await reporter.close();
  return exitCodes.success;
}
