import { type Diagnostic, error } from '../core/diagnostic.ts';
import { fileSpan } from '../core/source.ts';

/** How long what is at work may go on after the limit, before it is stopped on the hosts. */
const graceMs = 30_000;

/** A run's own end in time. */
export interface RunLimit extends Disposable {
  /** Nothing more starts. */
  readonly stopping: AbortSignal;
  /** What is at work ends, too. */
  readonly interrupted: AbortSignal;
}

/** What ends a run: what is given, or `seconds` as one Ctrl-C, and half a minute later as a second one. `null`: no limit. */
export function runLimit(
  seconds: number | null,
  { stopping, interrupted }: Omit<RunLimit, keyof Disposable>,
  say: (problem: Diagnostic) => void,
): RunLimit {
  if (seconds === null) return { stopping, interrupted, [Symbol.dispose]: () => undefined };
  const [stop, cut] = [new AbortController(), new AbortController()];
  const timers = [
    setTimeout(() => {
      say(tooLong(seconds));
      stop.abort();
    }, seconds * 1000),
    setTimeout(() => cut.abort(), seconds * 1000 + graceMs),
  ];
  return {
    stopping: AbortSignal.any([stopping, stop.signal]),
    interrupted: AbortSignal.any([interrupted, cut.signal]),
    [Symbol.dispose]: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function tooLong(seconds: number): Diagnostic {
  return error({
    code: 'HAPB8028',
    message: `the run took longer than its --run-timeout of ${seconds} s`,
    span: fileSpan('<command line>'),
    hint: 'What is done stays. Run it again to go on, with a higher limit if it only needs longer.',
  });
}
