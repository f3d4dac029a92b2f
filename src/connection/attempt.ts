import { longestSeconds } from '../core/timer-limit.ts';
import type { ShellReply, ShellRequest } from './connection.ts';
import type { ShellSession } from './shell-session.ts';

/** How a request was ended from this side; `none` when it was not. */
type Verdict = 'none' | 'timed-out' | 'cancelled';

/** One request in one session, with its deadline and its signal. `kill` ends the session's shell and is called at most once. */
export interface Attempt {
  readonly reply: Promise<ShellReply>;
  verdict(): Verdict;
  /** Removes deadline and signal. */
  stop(): void;
}

/** Sends a request and watches over it. */
export function attempt(session: ShellSession, request: ShellRequest, kill: () => void): Attempt {
  const { signal, timeoutMs } = request;
  let verdict: Verdict = 'none';
  let begun = false;
  let timer: NodeJS.Timeout | undefined;
  const end = (how: Verdict): void => {
    if (verdict !== 'none') return;
    verdict = how;
    // What waits behind others cannot be taken back; it is ended when its turn comes.
    if (begun) kill();
  };
  const onAbort = (): void => end('cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  const reply = session.send(request, () => {
    begun = true;
    if (verdict !== 'none') kill();
    // The deadline counts from when the host begins, not while other requests run.
    else if (timeoutMs !== undefined)
      timer = setTimeout(() => end('timed-out'), Math.min(timeoutMs, longestSeconds * 1000));
  });
  return {
    reply,
    verdict: () => verdict,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Rejects with `reason()` as soon as the signal is aborted, else does what the promise does. */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  reason: () => Error,
): Promise<T> {
  if (signal === undefined) return promise;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(reason());
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
