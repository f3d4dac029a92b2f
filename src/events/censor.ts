import { error } from '../core/diagnostic.ts';
import type { Outcome, ShownChange } from '../core/outcome.ts';
import { formatPlace, type Span } from '../core/source.ts';

/** A summary names what the arguments do, and any digest of it would let a short secret be guessed. */
const hiddenChange: ShownChange = { summary: 'make a change that no_log hides', edits: [] };

/** With `no_log`, events say how a task ended and nothing of what it did. `action`: as the task names it. */
export function censored(action: string, outcome: Outcome): Outcome {
  const kept = outcome.kind === 'unreachable' ? undefined : outcome.output.changed;
  const output = {
    censored: 'the output is hidden because no_log is set',
    ...(kept === undefined ? {} : { changed: kept }),
  };
  switch (outcome.kind) {
    case 'failed':
    case 'would-fail': {
      const { code, span } = outcome.diagnostic;
      const diagnostic = error({
        code,
        span,
        quote: 'never',
        message: `${action} failed; its words are hidden because no_log is set`,
        hint: 'Set no_log to false for a moment to see them.',
      });
      const hasChange = outcome.kind === 'would-fail' && outcome.change !== undefined;
      return { ...outcome, output, diagnostic, ...(hasChange ? { change: hiddenChange } : {}) };
    }
    case 'changed':
      return { ...outcome, output, change: null };
    case 'would-change':
      return { ...outcome, output, change: hiddenChange };
    case 'unknown':
      return { ...outcome, reason: hiddenReason(outcome.cause), output };
    case 'ok':
    case 'skipped':
      return { ...outcome, output };
    case 'unreachable':
      return outcome;
  }
}

function hiddenReason(cause: Span | null): string {
  return `why is hidden because no_log is set${cause === null ? '' : `; it hangs on ${formatPlace(cause)}`}`;
}

/** With `diff: false`, events say of a change what it is and not how it looks. */
export function withoutEdits(outcome: Outcome): Outcome {
  const change = brief(outcome);
  return change === null ? outcome : ({ ...outcome, change: { ...change, detail: 'summary' } } as Outcome);
}

function brief(outcome: Outcome): ShownChange | null {
  if (!('change' in outcome) || outcome.change == null) return null;
  return { summary: outcome.change.summary, edits: [] };
}
