import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Event } from '../../src/events/event.ts';
import { projectFolder } from '../lab/rig/lab.ts';

/** A run of hapb whose events are seen the moment they come. */
export interface WatchedRun {
  readonly process: ChildProcess;
  readonly end: Promise<RunEnd>;
}

/** How it ended. */
export interface RunEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly changed: number;
  /** Its errors, and what it wrote to stderr that is none of its own words. */
  readonly errors: readonly string[];
  readonly stderr: string;
}

/** Starts the bundle; the events come through a pipe, so that nobody waits for a file. */
export function watchedRun(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onEvent: (event: Event) => void,
): WatchedRun {
  const child = spawn(process.execPath, ['dist/hapb.cjs', 'run', ...args, '--output', 'jsonl'], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  let changed = 0;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const event = eventOf(line);
    if (event === null) return;
    if (
      event.type === 'task.finished' &&
      (event.outcome.kind === 'failed' || event.outcome.kind === 'unreachable')
    )
      errors.push(`${event.host}: ${event.outcome.diagnostic.code} ${event.outcome.diagnostic.message}`);
    if (event.type === 'diagnostic' && event.diagnostic.severity === 'error')
      errors.push(`${event.diagnostic.code} ${event.diagnostic.message}`);
    if (event.type === 'run.finished')
      changed = Object.values(event.recap).reduce((sum, tally) => sum + tally.changed, 0);
    onEvent(event);
  });
  const end = new Promise<RunEnd>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, changed, errors, stderr }));
  });
  return { process: child, end };
}

/** A killed run may have written half a line. */
function eventOf(line: string): Event | null {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return null;
  }
}
