import { error } from '../core/diagnostic.ts';
import type { Outcome, ShownChange } from '../core/outcome.ts';
import type { PlanTask } from '../plan/plan.ts';

/** With `no_log`, events say how a task ended and nothing of what it did. */
export function censored(task: PlanTask, outcome: Outcome): Outcome {
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
        message: `${task.action} failed; its words are hidden because no_log is set`,
        hint: 'Set no_log to false for a moment to see them.',
      });
      const change = brief(outcome);
      return { ...outcome, output, diagnostic, ...(change === null ? {} : { change }) };
    }
    case 'changed':
      return { ...outcome, output, change: null };
    case 'would-change':
      return { ...outcome, output, change: { summary: outcome.change.summary, edits: [] } };
    case 'ok':
    case 'unknown':
    case 'skipped':
      return { ...outcome, output };
    case 'unreachable':
      return outcome;
  }
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
