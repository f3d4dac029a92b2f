import type { Reporter } from '../events/event.ts';
import type { Sink } from './sink.ts';

/** One event a line, as JSON: the complete log, from which `hapb report` makes every other report. */
export function createJsonlReporter(sink: Sink): Reporter {
  return {
    on: (event) => sink.write(`${JSON.stringify(event)}\n`),
    close: () => sink.close(),
  };
}
