import { formatPlace, type Span } from '../../core/source.ts';
import { Unknown } from '../../core/unknown.ts';

/** The task by which a check foresees something. */
export interface Cause {
  /** How reasons call it: `'write it' at site.yml:4:7`. */
  readonly words: string;
  readonly span: Span;
  /** `everything`: `no_log` is set, so that no reason names what it would change. */
  readonly hides: 'nothing' | 'everything';
}

/** A task as a cause. */
export function causeOf(
  { title, span }: { readonly title: string; readonly span: Span },
  hides: Cause['hides'] = 'nothing',
): Cause {
  return { words: `'${title}' at ${formatPlace(span)}`, span, hides };
}

/** Several tasks as one cause, which stands where the first does; `null`: there are none. */
export function allOf(causes: readonly Cause[]): Cause | null {
  const [first] = causes;
  if (first === undefined) return null;
  return {
    words: [...new Set(causes.map(({ words }) => words))].join(' and '),
    span: first.span,
    hides: causes.some(({ hides }) => hides === 'everything') ? 'everything' : 'nothing',
  };
}

/** What is unknown by what a task would change. */
export function causedBy(cause: Cause, reason: string): Unknown {
  const told = cause.hides === 'everything' ? `it hangs on what ${cause.words} would change` : reason;
  return new Unknown(told, cause.span);
}

/** A state as a task foresees it; what is unknown of it says by which. */
export function placed(state: unknown, cause: Cause): unknown {
  if (!(state instanceof Unknown) || (state.span !== null && cause.hides === 'nothing')) return state;
  return causedBy(cause, `${state.reason} (${cause.words})`);
}
