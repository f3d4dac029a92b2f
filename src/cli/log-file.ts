import { Failure } from '../core/failure.ts';
import { fileSpan } from '../core/source.ts';
import type { Event } from '../events/event.ts';
import { safeValue } from '../events/redact.ts';

/** The events of a log; a last line that was cut (the run was killed) is left out. @throws Failure HAPB8008 */
export function parseLog(text: string, file: string): readonly Event[] {
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
