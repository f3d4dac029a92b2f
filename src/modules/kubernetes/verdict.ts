import type { Change } from '../../core/change.ts';
import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import type { Ask } from '../ask.ts';
import type { HostWriter } from '../module.ts';

/** Something that a verifying module waits for. Nothing is changed by it. */
export interface Expectation<State> {
  /** `all pods of kube-system run`. */
  readonly what: string;
  readonly ask: Ask<State>;
  /** What is not yet as it should be; empty: it is. */
  readonly problems: (state: State) => readonly string[];
  readonly output: (state: State) => Output;
  readonly timeoutMs: number;
  readonly code: DiagnosticCode;
  readonly hint: string;
}

/** The change "wait until it is so": what a verifying module returns while something is missing. */
export interface Waiting<State> extends Change {
  readonly expectation: Expectation<State>;
}

/** `null` when all is as expected; else a wait whose end only a run can tell. */
export function awaited<State>(expectation: Expectation<State>, state: State): Waiting<State> | null {
  const problems = expectation.problems(state);
  if (problems.length === 0) return null;
  return {
    expectation,
    summary: `wait until ${expectation.what}`,
    edits: [],
    effects: [],
    forecast: { kind: 'unknown', unknown: new Unknown(`it is not so now: ${problems.join('; ')}`) },
  };
}

/** Asks once a second until all is as expected. @throws Failure with the expectation's code when time is up */
export async function waitFor<State>({ expectation }: Waiting<State>, host: HostWriter): Promise<Output> {
  const deadline = Date.now() + expectation.timeoutMs;
  for (let shown = ''; ; ) {
    const state = await host.ask(expectation.ask);
    const problems = expectation.problems(state);
    if (problems.length === 0) return { ...expectation.output(state), changed: false };
    const first = `${problems[0] ?? ''}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`;
    if (first !== shown) host.progress(first);
    shown = first;
    if (Date.now() >= deadline) {
      throw new Failure({
        code: expectation.code,
        message: `not so after ${Math.round(expectation.timeoutMs / 1000)} s: ${expectation.what}`,
        hint: expectation.hint,
        details: problems.join('\n'),
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
