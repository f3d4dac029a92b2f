import { error } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Output, Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';
import { judge } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { type Layer, valueLayer } from '../variables/layer.ts';
import { extend } from '../variables/scope.ts';
import { failed, unknownOutcome } from './converge.ts';
import { resultOf } from './result.ts';
import type { TaskRun } from './task-run.ts';

/** An outcome in which a module's own words still count: it ran. */
type Ran = Exclude<Outcome, { kind: 'skipped' | 'unknown' | 'unreachable' }>;

/** Names that only this task sees: its item, its result so far. */
export function ownNames(values: Readonly<Record<string, Value>>): Layer {
  return valueLayer('magic', 'this task', values);
}

/** A task's names once its result is there. */
export function withResult(task: PlanTask, scope: Scope, outcome: Outcome): Scope {
  return task.register === null
    ? scope
    : extend(scope, ownNames({ [task.register]: resultOf(task, outcome) }));
}

/** `changed_when` and then `failed_when` have the last word on what the module said, as in Ansible. */
export function overrule(it: TaskRun, scope: Scope, outcome: Outcome): Outcome {
  const { task, run } = it;
  if (outcome.kind === 'skipped' || outcome.kind === 'unknown' || outcome.kind === 'unreachable')
    return outcome;
  let judged: Ran = outcome;
  try {
    if (task.changedWhen !== null) {
      const verdict = judge(task.changedWhen, withResult(task, scope, judged));
      if (verdict.kind === 'unknown') return unknownOutcome(verdict.unknown);
      judged = verdict.kind === 'true' ? declaredChanged(it, judged) : declaredSame(judged);
    }
    if (task.failedWhen === null) return judged;
    const verdict = judge(task.failedWhen, withResult(task, scope, judged));
    if (verdict.kind === 'unknown') return unknownOutcome(verdict.unknown);
    return verdict.kind === 'true' ? declaredFailed(it, judged) : forgiven(it, judged);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return failed(run.settings.mode, thrown.toDiagnostic(task.span), outputOfFailure(judged));
  }
}

/** What a failure registers: the output, and that something was changed before where it was. */
export function outputOfFailure(outcome: Exclude<Outcome, { kind: 'unreachable' }>): Output {
  const changed = outcome.kind === 'changed' || outcome.kind === 'would-change';
  return changed ? { ...outcome.output, changed: true } : outcome.output;
}

function declaredChanged({ run, task }: TaskRun, outcome: Ran): Ran {
  switch (outcome.kind) {
    case 'changed':
    case 'would-change':
      return outcome;
    case 'failed':
    case 'would-fail':
      return { ...outcome, output: { ...outcome.output, changed: true } };
    case 'ok':
      return run.settings.mode === 'apply'
        ? { kind: 'changed', change: null, output: outcome.output }
        : {
            kind: 'would-change',
            change: { summary: `run '${task.title}'`, edits: [] },
            output: outcome.output,
          };
  }
}

function declaredSame(outcome: Ran): Ran {
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail')
    return { ...outcome, output: { ...outcome.output, changed: false } };
  return { kind: 'ok', output: outcome.output };
}

function declaredFailed({ task, run }: TaskRun, outcome: Ran): Outcome {
  const output = { ...outputOfFailure(outcome), failed_when_result: true };
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail') return { ...outcome, output };
  const [condition] = task.failedWhen ?? [];
  const diagnostic = error({
    code: 'HAPB7030',
    message: `failed_when holds: ${condition?.text ?? ''}`,
    span: condition?.span ?? task.span,
    hint: 'The task itself succeeded; look at its result with -v.',
  });
  if (outcome.kind === 'would-change')
    return { kind: 'would-fail', diagnostic, output, change: outcome.change };
  return failed(run.settings.mode, diagnostic, output);
}

function forgiven(it: TaskRun, outcome: Ran): Outcome {
  const output: Output = { ...outcome.output, failed_when_result: false };
  if (outcome.kind !== 'failed' && outcome.kind !== 'would-fail') return { ...outcome, output };
  const { changed, ...rest } = output;
  const same: Ran = { kind: 'ok', output: rest };
  return changed === true ? declaredChanged(it, same) : same;
}
