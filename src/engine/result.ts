import type { Outcome } from '../core/outcome.ts';
import { formatPlace } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';

/** The value that `register` and the conditions after a task see; Ansible's shape. */
export function resultOf(task: PlanTask, outcome: Outcome): Value {
  switch (outcome.kind) {
    case 'ok':
      return { changed: false, failed: false, ...outcome.output };
    case 'changed':
    case 'would-change':
      return { changed: true, failed: false, ...outcome.output };
    case 'failed':
    case 'would-fail':
      return { changed: false, failed: true, msg: outcome.diagnostic.message, ...outcome.output };
    case 'skipped':
      return {
        changed: false,
        failed: false,
        skipped: true,
        skip_reason: skipWords[outcome.because],
        ...outcome.output,
      };
    case 'unknown':
      return new Unknown(
        `depends on '${task.register ?? task.title}' set at ${formatPlace(task.span)}`,
        task.span,
      );
    case 'unreachable':
      return { changed: false, failed: true, unreachable: true, msg: outcome.diagnostic.message };
  }
}

const skipWords = {
  when: 'Conditional result was False',
  'empty-loop': 'No items in the list',
  'host-failed': 'The host had failed',
  aborted: 'The play was stopped',
  'not-this-host': 'Another host runs it',
} as const;

/** One outcome for a whole loop, and what `register` gets: `results` and the totals. */
export function sumUp(
  task: PlanTask,
  items: readonly { readonly item: Value; readonly outcome: Outcome }[],
): Outcome {
  const results = items.map(({ item, outcome }) => {
    const result = resultOf(task, outcome);
    return result instanceof Unknown
      ? result
      : {
          ...(result as object),
          [task.loopControl.loopVar]: item,
          ansible_loop_var: task.loopControl.loopVar,
        };
  });
  const output = { results: results as readonly Value[] };
  const outcomes = items.map(({ outcome }) => outcome);
  const first = <K extends Outcome['kind']>(kind: K): (Outcome & { readonly kind: K }) | undefined =>
    outcomes.find((outcome): outcome is Outcome & { readonly kind: K } => outcome.kind === kind);
  const bad = first('failed') ?? first('would-fail');
  if (bad !== undefined) return { ...bad, output: { ...output, msg: 'One or more items failed' } };
  const unknown = first('unknown');
  if (unknown !== undefined) return { ...unknown, output };
  const would = first('would-change');
  if (would !== undefined) {
    const edits = outcomes.flatMap((outcome) =>
      outcome.kind === 'would-change' ? outcome.change.edits : [],
    );
    return { kind: 'would-change', change: { summary: would.change.summary, edits }, output };
  }
  if (first('changed') !== undefined) {
    const changes = outcomes.flatMap((outcome) =>
      outcome.kind === 'changed' && outcome.change !== null ? [outcome.change] : [],
    );
    const [change] = changes;
    const whole =
      change === undefined ? null : { summary: change.summary, edits: changes.flatMap((one) => one.edits) };
    return { kind: 'changed', change: whole, output };
  }
  if (items.length === 0) return { kind: 'skipped', because: 'empty-loop', output };
  if (outcomes.every((outcome) => outcome.kind === 'skipped')) {
    return { kind: 'skipped', because: 'when', output: { ...output, msg: 'All items skipped' } };
  }
  return { kind: 'ok', output };
}
