import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Output, typeName, type Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { type Layer, valueLayer } from '../variables/layer.ts';
import { extend } from '../variables/scope.ts';
import { type Attempt, type Attempted, attempt } from './attempt.ts';
import { judge, number } from './conditions.ts';
import { failed, unknownOutcome } from './converge.ts';
import { resultOf, sumUp } from './result.ts';
import type { Run } from './run.ts';

/** A task on a host: everything but waiting, and before its failure is judged. */
export interface TaskRun {
  readonly run: Run;
  readonly task: PlanTask;
  readonly host: string;
  /** As events name it: a handler's node is one per flush. */
  readonly node: string;
  readonly scope: Scope;
  readonly playHosts: readonly string[];
}

/** What came of a task on a host. */
export interface TaskEnd extends Attempted {
  readonly looped: boolean;
  /** Outcomes whose `ansible_facts` count, one per item. */
  readonly outputs: readonly Output[];
}

/** The end of a task and how long it took there. */
export type TimedEnd = TaskEnd & { readonly durationMs: number };

/** Names that only this task sees: its item, its result so far. */
function ownNames(values: Readonly<Record<string, Value>>): Layer {
  return valueLayer('magic', 'this task', values);
}

/** Runs a task with its loop and its retries. @throws ConnectionError when a host is unreachable */
export async function runTask(it: TaskRun): Promise<TaskEnd> {
  let items: readonly Value[] | Unknown | null;
  try {
    items = loopItems(it);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    // A false `when` skips the task even where its loop cannot be evaluated, as in Ansible.
    const skipped = skippedByWhen(it);
    const outcome = skipped ?? failed(it.run.settings.mode, thrown.toDiagnostic(it.task.span), {});
    return { outcome, delegate: null, looped: false, outputs: [] };
  }
  if (items instanceof Unknown) {
    return {
      outcome: skippedByWhen(it) ?? unknownOutcome(items),
      delegate: null,
      looped: false,
      outputs: [],
    };
  }
  if (items === null) {
    const end = await insist(it, it.scope);
    return { ...end, looped: false, outputs: [outputOf(end.outcome)] };
  }
  return runLoop(it, items);
}

async function runLoop(it: TaskRun, items: readonly Value[]): Promise<TaskEnd> {
  const { task } = it;
  const ended: { readonly item: Value; readonly outcome: Outcome }[] = [];
  let delegate: string | null = null;
  for (const [index, item] of items.entries()) {
    const names: Record<string, Value> = {
      [task.loopControl.loopVar]: item,
      ansible_loop_var: task.loopControl.loopVar,
    };
    if (task.loopControl.indexVar !== null) names[task.loopControl.indexVar] = index;
    const scope = extend(it.scope, ownNames(names));
    const pause = index > 0 ? number(task.loopControl.pause, scope) : null;
    if (pause !== null && it.run.settings.mode === 'apply')
      await sleep(pause * 1000, undefined, { signal: it.run.signal });
    const end = await insist(it, scope);
    delegate ??= end.delegate;
    ended.push({ item, outcome: end.outcome });
    it.run.emit({
      type: 'item.finished',
      node: it.node,
      host: it.host,
      label: labelOf(task, item, scope),
      outcome: end.outcome,
    });
  }
  return {
    outcome: sumUp(task, ended),
    delegate,
    looped: true,
    outputs: ended.map(({ outcome }) => outputOf(outcome)),
  };
}

function outputOf(outcome: Outcome): Output {
  return outcome.kind === 'unreachable' ? {} : outcome.output;
}

function loopItems({ task, scope }: TaskRun): readonly Value[] | Unknown | null {
  if (task.loop === null) return null;
  const value = task.loop.render(scope);
  if (value instanceof Unknown) return value;
  if (isList(value))
    return task.flattenLoop === 'once' ? value.flatMap((item) => (isList(item) ? [...item] : [item])) : value;
  if (task.flattenLoop === 'once') return [value];
  throw new Failure(
    {
      code: 'HAPB7044',
      message: `"loop" needs a list, but is a ${typeName(value)}`,
      hint: isMap(value)
        ? 'Use "{{ … | dict2items }}" to loop over a map.'
        : 'Put the value into a list: "[ … ]".',
    },
    task.loop.span,
  );
}

function skippedByWhen({ task, scope }: TaskRun): Outcome | null {
  try {
    const wanted = judge(task.inherited.when, scope);
    return wanted.kind === 'false'
      ? { kind: 'skipped', because: 'when', output: { false_condition: wanted.by.text } }
      : null;
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

function labelOf(task: PlanTask, item: Value, scope: Scope): string {
  const value = task.loopControl.label?.render(scope) ?? item;
  if (typeof value === 'string') return value;
  return isList(value) || isMap(value) ? JSON.stringify(value) : String(value);
}

/** One item with `until` and `retries`. Each go holds a slot; the waits between hold none. */
async function insist(it: TaskRun, scope: Scope): Promise<Attempted> {
  const { task, run } = it;
  const demanded = number(task.retries, scope);
  const retries = demanded ?? (task.until.length > 0 ? 3 : 0);
  const delaySeconds = number(task.delay, scope) ?? 5;
  const go: Attempt = {
    run,
    task,
    host: it.host,
    scope,
    playHosts: it.playHosts,
    progress: (text) => run.emit({ type: 'task.progress', node: it.node, host: it.host, text }),
  };
  for (let tries = 1; ; tries++) {
    const { outcome, delegate } = await run.slots.run(task.order, () => attempt(go));
    const judged = overrule(it, scope, outcome);
    if (retries === 0 && task.until.length === 0) return { outcome: judged, delegate };
    const enough = satisfied(it, scope, judged);
    if (enough.kind === 'true') return { outcome: withAttempts(judged, tries), delegate };
    if (enough.kind === 'unknown') return { outcome: unknownOutcome(enough.unknown), delegate };
    if (tries > retries) return { outcome: exhausted(it, judged, tries - 1), delegate };
    run.emit({
      type: 'task.retrying',
      node: it.node,
      host: it.host,
      attempt: tries,
      retriesLeft: retries - tries + 1,
    });
    await sleep(delaySeconds * 1000, undefined, { signal: run.signal });
  }
}

/** `until`, or without one success, decides whether another go is needed. In check mode no second go would differ. */
function satisfied(it: TaskRun, scope: Scope, outcome: Outcome): ReturnType<typeof judge> {
  const { task } = it;
  if (outcome.kind === 'skipped' || outcome.kind === 'unknown' || outcome.kind === 'would-change')
    return { kind: 'true' };
  if (task.until.length === 0) {
    const bad = outcome.kind === 'failed' || outcome.kind === 'would-fail';
    return bad && task.retries !== null && it.run.settings.mode === 'apply'
      ? { kind: 'false', by: neverShown }
      : { kind: 'true' };
  }
  const verdict = judge(task.until, withResult(task, scope, outcome));
  if (verdict.kind !== 'false' || it.run.settings.mode === 'apply') return verdict;
  return {
    kind: 'unknown',
    unknown: new Unknown(`a run would wait until ${verdict.by.text}`, verdict.by.span),
  };
}

const neverShown = {
  text: '',
  span: { file: '', start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } },
  references: [],
  constant: true,
  render: () => null,
};

function withResult(task: PlanTask, scope: Scope, outcome: Outcome): Scope {
  return task.register === null
    ? scope
    : extend(scope, ownNames({ [task.register]: resultOf(task, outcome) }));
}

/** `failed_when` and `changed_when` have the last word on what the module said. */
function overrule(it: TaskRun, scope: Scope, outcome: Outcome): Outcome {
  const { task, run } = it;
  if (outcome.kind === 'skipped' || outcome.kind === 'unknown' || outcome.kind === 'unreachable')
    return outcome;
  if (task.failedWhen === null && task.changedWhen === null) return outcome;
  const names = withResult(task, scope, outcome);
  try {
    let judged: Outcome = outcome;
    if (task.failedWhen !== null) {
      const verdict = judge(task.failedWhen, names);
      if (verdict.kind === 'unknown') return unknownOutcome(verdict.unknown);
      judged = verdict.kind === 'true' ? declaredFailed(it, outcome) : forgiven(outcome);
    }
    if (task.changedWhen === null || judged.kind === 'failed' || judged.kind === 'would-fail') return judged;
    const verdict = judge(task.changedWhen, withResult(task, scope, judged));
    if (verdict.kind === 'unknown') return unknownOutcome(verdict.unknown);
    return verdict.kind === 'true' ? declaredChanged(it, judged) : { kind: 'ok', output: outputOf(judged) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return failed(run.settings.mode, thrown.toDiagnostic(task.span), outputOf(outcome));
  }
}

function declaredFailed({ task, run }: TaskRun, outcome: Outcome): Outcome {
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail') return outcome;
  const [condition] = task.failedWhen ?? [];
  return failed(
    run.settings.mode,
    {
      code: 'HAPB7030',
      severity: 'error',
      message: `failed_when holds: ${condition?.text ?? ''}`,
      span: condition?.span ?? task.span,
      hint: 'The task itself succeeded; look at its result with -v.',
    },
    { ...outputOf(outcome), failed_when_result: true },
  );
}

function forgiven(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed' && outcome.kind !== 'would-fail') return outcome;
  const output = { ...outcome.output, failed_when_result: false };
  return outcome.kind === 'failed' ? { kind: 'changed', change: null, output } : { kind: 'ok', output };
}

function declaredChanged({ run, task }: TaskRun, outcome: Outcome): Outcome {
  if (outcome.kind !== 'ok') return outcome;
  if (run.settings.mode === 'apply') return { kind: 'changed', change: null, output: outcome.output };
  return {
    kind: 'would-change',
    change: { summary: `run '${task.title}'`, edits: [] },
    output: outcome.output,
  };
}

function withAttempts(outcome: Outcome, attempts: number): Outcome {
  return outcome.kind === 'unreachable' ? outcome : { ...outcome, output: { ...outcome.output, attempts } };
}

function exhausted(it: TaskRun, outcome: Outcome, attempts: number): Outcome {
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail') return withAttempts(outcome, attempts);
  const [condition] = it.task.until;
  const diagnostic = {
    code: 'HAPB7045' as const,
    severity: 'error' as const,
    message: `still not so after ${attempts} retries: ${condition?.text ?? ''}`,
    span: condition?.span ?? it.task.span,
    hint: 'Look at the last result with -v; raise "retries" or "delay" if it only needs longer.',
  };
  return withAttempts(failed(it.run.settings.mode, diagnostic, outputOf(outcome)), attempts);
}
