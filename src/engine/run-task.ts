import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import { sumUp } from '../core/loop-outcome.ts';
import type { Outcome } from '../core/outcome.ts';
import { waitable } from '../core/timer-limit.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret, type Value } from '../core/value.ts';
import { censored } from '../events/censor.ts';
import { printed } from '../expression/print-value.ts';
import { Behind } from '../modules/host/behind.ts';
import { causeOf } from '../modules/host/cause.ts';
import { flag, judge, number, skippedBy } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { extend } from '../variables/scope.ts';
import { failed, unknownOutcome } from './converge.ts';
import { enlist } from './enlist.ts';
import { insist } from './insist.ts';
import { leaveOpen, toldArguments } from './leave-open.ts';
import { itemNames, loopItems, warnOfShadow } from './loop.ts';
import { ownNames } from './overrule.ts';
import { askEarly } from './read-ahead.ts';
import { itemResult } from './result.ts';
import { type Attempted, endOf, type TaskEnd, type TaskPart, type TaskRun } from './task-run.ts';

/** Runs a task with its loop and its retries. @throws ConnectionError when a host is unreachable */
export async function runTask(it: TaskRun): Promise<TaskEnd> {
  let items: readonly Value[] | Unknown | null;
  try {
    items = loopItems(it);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    // A false `when` skips the task even where its loop cannot be evaluated, as in Ansible.
    return endOf(skippedByWhen(it) ?? failed(it.run.settings.mode, thrown.toDiagnostic(it.task.span), {}));
  }
  if (items instanceof Unknown) return unknownLoop(it, items);
  if (items !== null) return runLoop(it, items);
  const scope = it.scope();
  const part: TaskPart = { ...(await insist(it, scope, null)), scope, names: {}, label: null };
  it.ended(part);
  return { outcome: part.outcome, delegate: part.delegate, looped: false, parts: [part] };
}

/** What a loop over unknown items includes is known all the same; its item is not. */
function unknownLoop(it: TaskRun, items: Unknown): TaskEnd {
  const skipped = skippedByWhen(it);
  if (skipped !== null) return endOf(skipped);
  const { growth, loopControl } = it.task;
  const outcome = enlist(it, unknownOutcome(items));
  const names = { [loopControl.loopVar]: items };
  const scope = extend(it.scope(), ownNames(names));
  const hides = flag(it.task.inherited.nearest.no_log, scope, false) ? 'everything' : 'nothing';
  const args = toldArguments(it.task, scope);
  leaveOpen({
    task: it.task,
    args,
    cause: causeOf(it.task, hides),
    site: { pool: it.run.pool, host: it.host },
  });
  if (growth === null) return endOf(outcome);
  const part: TaskPart = { outcome, delegate: null, grown: growth.known, scope, names, label: null };
  return { ...endOf(outcome), parts: [part] };
}

async function runLoop(it: TaskRun, items: readonly Value[]): Promise<TaskEnd> {
  const { task, run } = it;
  const { loopControl } = task;
  const parts: TaskPart[] = [];
  const results: Value[] = [];
  const before = it.scope();
  warnOfShadow(it, before);
  const pauseMs = waitable(number(loopControl.pause, before) ?? 0, '"pause"', loopControl.pause?.span) * 1000;
  let last: Readonly<Record<string, Value>> = {};
  let behind: Behind | null = null;
  for (const index of items.keys()) {
    if (index > 0) run.stopping.throwIfAborted();
    if (index > 0 && pauseMs > 0) await sleep(pauseMs, undefined, { signal: run.stopping });
    const names = itemNames(task, items, { index, scope: before });
    const scope = extend(it.scope(), ownNames({ ...last, ...names }));
    const rest = (): Iterable<Scope> => scopesFrom(it, items, index + 1);
    const former = behind;
    behind = behindOf(it, pauseMs, rest);
    const end = await insist(it, scope, { index, rest, before: former, behind });
    const result = itemResult(task, end.outcome, names);
    if (task.register !== null) last = { [task.register]: result };
    const after = task.register === null ? scope : extend(scope, ownNames(last));
    const item = items[index] ?? null;
    const part: TaskPart = { ...end, ...labelled(it, end, { item, scope: after }), scope, names };
    parts.push(part);
    results.push(result);
    it.ended(part);
    if (loopControl.breakWhen.length > 0 && judge(loopControl.breakWhen, after).kind !== 'false') break;
  }
  const delegate = parts.find((part) => part.delegate !== null)?.delegate ?? null;
  return {
    outcome: sumUp(
      parts.map(({ outcome }) => outcome),
      results,
    ),
    delegate,
    looped: true,
    parts,
  };
}

/** Asks what the next item will ask, where it follows at once and only if its answers can be told from what an item changes. */
function behindOf(it: TaskRun, pauseMs: number, rest: () => Iterable<Scope>): Behind | null {
  const { task, run } = it;
  const waits = pauseMs > 0 || task.until.length > 0 || task.retries !== null || task.async !== null;
  if (waits || run.settings.mode === 'check') return null;
  return new Behind((reader) => {
    for (const names of rest()) return void askEarly({ ...it, names }, reader);
  });
}

/** What the items from one on would see if nothing changed until then. */
function* scopesFrom(it: TaskRun, items: readonly Value[], from: number): Generator<Scope> {
  for (let index = from; index < items.length; index++) {
    const scope = it.scope();
    yield extend(scope, ownNames(itemNames(it.task, items, { index, scope })));
  }
}

/** Reports an item's end under its label; a label that does not render fails the item, as in Ansible. */
function labelled(
  { task, run, node, host }: TaskRun,
  { outcome, delegate }: Attempted,
  { item, scope }: { readonly item: Value; readonly scope: Scope },
): Pick<TaskPart, 'outcome' | 'label'> {
  const hidden = flag(task.inherited.nearest.no_log, scope, false);
  // What Ansible shows where there is no label.
  let label = 'None';
  let end = outcome;
  try {
    const written = hidden ? '(censored due to no_log)' : (task.loopControl.label?.render(scope) ?? item);
    const value = written === '' ? item : written;
    // As it stands in a list: what is nothing has a name.
    label = findSecret(value) !== null ? JSON.stringify(value) : value === null ? 'None' : printed(value);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    end = failed(run.settings.mode, thrown.toDiagnostic(task.span), {});
  }
  run.emit({
    type: 'item.finished',
    node,
    host,
    delegate,
    label,
    outcome: hidden ? censored(task.action, end) : end,
  });
  return { outcome: end, label };
}

function skippedByWhen({ task, scope }: TaskRun): Outcome | null {
  try {
    const wanted = judge(task.inherited.when, scope());
    return wanted.kind === 'false' ? skippedBy(wanted.by) : null;
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}
