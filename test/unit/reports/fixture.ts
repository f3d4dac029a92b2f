import { readFileSync } from 'node:fs';
import type { Event } from '../../../src/events/event.ts';
import type { Sink } from '../../../src/reports/sink.ts';

/** The events of a fixture: a run on three hosts that run ahead of each other, with a barrier, a handler and a failure. */
export function fixture(name: string): readonly Event[] {
  const text = readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

/** A sink that keeps what was written. */
export function memorySink(): Sink & { text: string; closed: boolean } {
  const sink = {
    text: '',
    closed: false,
    write: (text: string): void => {
      sink.text += text;
    },
    close: (): Promise<void> => {
      sink.closed = true;
      return Promise.resolve();
    },
  };
  return sink;
}
