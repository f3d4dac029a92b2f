import type { Outcome } from '../core/outcome.ts';
import { skipWords } from '../core/skip-words.ts';
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
      return { changed: false, skipped: true, ...skipWords(outcome), ...outcome.output };
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

/** What one item adds to `results`: its result with the names that it brought. */
export function itemResult(task: PlanTask, outcome: Outcome, names: Readonly<Record<string, Value>>): Value {
  const result = resultOf(task, outcome);
  return isMap(result) ? { ...result, ...names } : result;
}
