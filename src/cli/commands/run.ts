import { Failure } from '../../core/failure.ts';
import type { RunOptions } from '../run-options.ts';
import type { Terminal } from '../terminal.ts';
import { commandLine } from '../usage.ts';

/** Runs, checks, lists or plans playbooks. Gives the exit code. */
export function runCommand(options: RunOptions, _terminal: Terminal): Promise<number> {
  const message = `running ${options.playbooks.join(', ')} is not wired yet`;
  return Promise.reject(new Failure({ code: 'HAPB9001', message, hint: '' }, commandLine));
}
