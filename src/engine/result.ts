import type { Outcome } from '../core/outcome.ts';
import { formatPlace } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import { isMap, type Output, type Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';

/** The value that `register` and the conditions after a task see; Ansible's shape. */
export function resultOf(task: PlanTask, outcome: Outcome): Value {
  switch (outcome.kind) {
    case 'ok':
      return { changed: false, ...success(outcome.output) };
    case 'changed':
    case 'would-change':
      return { changed: true, ...success(outcome.output) };
    case 'failed':
    case 'would-fail':
      return { changed: false, failed: true, msg: outcome.diagnostic.message, ...outcome.output };
    case 'skipped':
      return { changed: false, skipped: true, ...reasonOf(outcome), ...outcome.output };
    case 'unknown':
      return new Unknown(
        `depends on '${task.register ?? task.title}' set at ${formatPlace(task.span)}`,
        task.span,
      );
    case 'unreachable':
      return { changed: false, unreachable: true, msg: outcome.diagnostic.message, ...outcome.output };
  }
}

/** Ansible says `failed: false` of a task, and nothing of a loop. */
function success(output: Output): Output {
  return 'results' in output && 'skipped' in output ? output : { failed: false, ...output };
}

function reasonOf({ because, output }: Extract<Outcome, { kind: 'skipped' }>): Output {
  return because === 'when' && 'results' in output ? {} : skipWords[because];
}

const skipWords = {
  when: { skip_reason: 'Conditional result was False' },
  'empty-loop': { skipped_reason: 'No items in the list' },
  'host-failed': { skip_reason: 'The host had failed' },
  aborted: { skip_reason: 'The play was stopped' },
  'not-this-host': { skip_reason: 'Another host runs it' },
} as const;

/** What one item adds to `results`: its result with the names that it brought. */
export function itemResult(task: PlanTask, outcome: Outcome, names: Readonly<Record<string, Value>>): Value {
  const result = resultOf(task, outcome);
  return isMap(result) ? { ...result, ...names } : result;
}

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
