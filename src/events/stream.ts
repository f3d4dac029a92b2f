import { type Diagnostic, warning } from '../core/diagnostic.ts';
import { fileSpan } from '../core/source.ts';
import type { Event, EventBody, Reporter } from './event.ts';
import { safeValue } from './redact.ts';

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

/** The one sink of a run: what passes it is numbered, timed, free of secrets and of control sequences. */
export interface EventStream {
  emit(body: EventBody): void;
  /** Closes every reporter. Gives what could not be reported any more, such as a report file that was not written. */
  close(): Promise<readonly Diagnostic[]>;
}

/** A sink that fans out to reporters in their order. One that throws is dropped with a warning; the others go on. */
export function createEventStream(reporters: readonly Reporter[], clock: Clock): EventStream {
  let active = reporters;
  let seq = 0;
  const emit = (body: EventBody): void => {
    const event: Event = safeValue({ seq, atMs: clock(), ...body });
    seq += 1;
    const failures: unknown[] = [];
    active = active.filter((reporter) => {
      try {
        reporter.on(event);
        return true;
      } catch (problem) {
        failures.push(problem);
        return false;
      }
    });
    for (const problem of failures) emit({ type: 'diagnostic', diagnostic: reportFailed(problem) });
  };
  const close = async (): Promise<readonly Diagnostic[]> => {
    const closing = active.map(async (reporter) => reporter.close());
    active = [];
    const ends = await Promise.allSettled(closing);
    return ends.flatMap((end) => (end.status === 'rejected' ? [safeValue(reportFailed(end.reason))] : []));
  };
  return { emit, close };
}

function reportFailed(problem: unknown): Diagnostic {
  return warning({
    code: 'HAPB8090',
    message: `a report ended early: ${problem instanceof Error ? problem.message : String(problem)}`,
    span: fileSpan('<output>'),
    hint: 'The run itself is not affected. Check that the report can be written, or choose another --output.',
  });
}
