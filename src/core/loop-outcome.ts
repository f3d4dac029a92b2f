import type { Outcome } from './outcome.ts';
import type { Value } from './value.ts';

/** One outcome for a whole loop, and what `register` gets: `results` and the totals. */
export function sumUp(outcomes: readonly Outcome[], results: readonly Value[]): Outcome {
  if (outcomes.length === 0) return { kind: 'skipped', because: 'empty-loop', output: { results } };
  const first = <K extends Outcome['kind']>(kind: K): (Outcome & { readonly kind: K }) | undefined =>
    outcomes.find((outcome): outcome is Outcome & { readonly kind: K } => outcome.kind === kind);
  const skipped = outcomes.every((outcome) => outcome.kind === 'skipped');
  const output = { results, skipped, msg: skipped ? 'All items skipped' : 'All items completed' };
  if (skipped) return { kind: 'skipped', because: 'when', output };
  const bad = first('failed') ?? first('would-fail');
  if (bad !== undefined) {
    const changed = outcomes.some(hasChanged);
    return { ...bad, output: { ...output, changed, msg: 'One or more items failed' } };
  }
  const away = first('unreachable');
  if (away !== undefined) return { ...away, output: { ...output, changed: outcomes.some(hasChanged) } };
  const unknown = first('unknown');
  if (unknown !== undefined) return { ...unknown, output };
  const would = first('would-change');
  if (would !== undefined) {
    const edits = outcomes.flatMap((outcome) =>
      outcome.kind === 'would-change' ? outcome.change.edits : [],
    );
    return { kind: 'would-change', change: { summary: would.change.summary, edits }, output };
  }
  if (first('changed') === undefined) return { kind: 'ok', output };
  const changes = outcomes.flatMap((outcome) =>
    outcome.kind === 'changed' && outcome.change !== null ? [outcome.change] : [],
  );
  const [change] = changes;
  const whole =
    change === undefined ? null : { summary: change.summary, edits: changes.flatMap((one) => one.edits) };
  return { kind: 'changed', change: whole, output };
}

function hasChanged(outcome: Outcome): boolean {
  if (outcome.kind === 'changed' || outcome.kind === 'would-change') return true;
  return (outcome.kind === 'failed' || outcome.kind === 'would-fail') && outcome.output.changed === true;
}
