import { setTimeout as sleep } from 'node:timers/promises';
import { error } from '../core/diagnostic.ts';
import type { Outcome } from '../core/outcome.ts';
import { waitable } from '../core/timer-limit.ts';
import { Unknown } from '../core/unknown.ts';
import { censored } from '../events/censor.ts';
import { causeOf } from '../modules/host/cause.ts';
import { flag, judge, number } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { attempt } from './attempt.ts';
import { failed, unknownOutcome } from './converge.ts';
import { outputOfFailure, overrule, withResult } from './overrule.ts';
import type { Attempt, Attempted, TaskRun } from './task-run.ts';

/** An item of a loop: its number from 0, and the names of those behind it. */
export interface Item extends Pick<Attempt, 'before' | 'behind'> {
  readonly index: number;
  readonly rest: () => Iterable<Scope>;
}

/** One item, or a task without a loop, with `until` and `retries`. Each go holds a slot; the waits between hold none. */
export async function insist(it: TaskRun, scope: Scope, item: Item | null): Promise<Attempted> {
  const { task, run } = it;
  const demanded = number(task.retries, scope);
  const retries = Math.max(0, demanded ?? (task.until.length > 0 ? 3 : 0));
  const written = number(task.delay, scope) ?? 5;
  const delaySeconds = written < 0 ? 1 : waitable(written, '"delay"', task.delay?.span);
  const hidden = flag(task.inherited.nearest.no_log, scope, false);
  const go: Attempt = {
    run,
    task,
    cause: causeOf(task, hidden ? 'everything' : 'nothing'),
    host: it.host,
    scope,
    scopeOf: it.scopeOf,
    playHosts: it.playHosts,
    folders: it.folders,
    doubt: it.doubt,
    node: it.node,
    index: item?.index ?? null,
    before: item?.before ?? null,
    behind: item?.behind ?? null,
    ahead: () => it.ahead(item?.rest() ?? []),
    progress: (text) =>
      run.emit({ type: 'task.progress', node: it.node, host: it.host, text: hidden ? '' : text }),
  };
  for (let tries = 1; ; tries++) {
    const end = await run.slots.run(it.order, () => attempt(go));
    const outcome =
      hidden && end.outcome.kind === 'unknown' ? censored(task.action, end.outcome) : end.outcome;
    const judged = overrule(it, scope, retries > 0 ? withAttempts(outcome, tries) : outcome);
    if (judged.kind === 'ok') run.pool.ahead.calm(it.host);
    if (retries === 0 || judged.kind === 'unreachable') return { ...end, outcome: judged };
    const enough = isEnough(it, scope, judged);
    if (enough instanceof Unknown) return { ...end, outcome: unknownOutcome(enough) };
    if (enough) return { ...end, outcome: judged };
    if (tries > retries) return { ...end, outcome: exhausted(it, withAttempts(judged, retries), retries) };
    run.emit({
      type: 'task.retrying',
      node: it.node,
      host: it.host,
      attempt: tries,
      retriesLeft: retries - tries + 1,
    });
    await sleep(delaySeconds * 1000, undefined, { signal: run.stopping });
  }
}

/** `until`, or without one success, decides whether no other go is needed. In check mode no second go would differ. */
function isEnough(it: TaskRun, scope: Scope, outcome: Outcome): boolean | Unknown {
  const { task } = it;
  const applies = it.run.settings.mode === 'apply';
  if (outcome.kind === 'skipped' || outcome.kind === 'unknown' || outcome.kind === 'would-change')
    return true;
  if (outcome.kind === 'failed' && 'timedout' in outcome.output) return true;
  if (task.until.length === 0) return outcome.kind !== 'failed' || !applies;
  const verdict = judge(task.until, withResult(task, scope, outcome));
  switch (verdict.kind) {
    case 'true':
      return true;
    case 'unknown':
      return verdict.unknown;
    case 'false':
      return applies ? false : new Unknown(`a run would wait until ${verdict.by.text}`, verdict.by.span);
  }
}

function withAttempts(outcome: Outcome, attempts: number): Outcome {
  return outcome.kind === 'unreachable' || outcome.kind === 'skipped'
    ? outcome
    : { ...outcome, output: { ...outcome.output, attempts } };
}

function exhausted(it: TaskRun, outcome: Outcome, retries: number): Outcome {
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail' || outcome.kind === 'unreachable')
    return outcome;
  const [condition] = it.task.until;
  const diagnostic = error({
    code: 'HAPB7045',
    message: `still not so after ${retries} retries: ${condition?.text ?? ''}`,
    span: condition?.span ?? it.task.span,
    hint: 'Look at the last result with -v; raise "retries" or "delay" if it only needs longer.',
  });
  return failed(it.run.settings.mode, diagnostic, outputOfFailure(outcome));
}
