import { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { Unknown, Unresolved } from '../core/unknown.ts';
import { censored } from '../events/censor.ts';
import type { Verdict } from '../events/event.ts';
import { withChangeBefore } from '../events/kept.ts';
import type { PlanTask } from '../plan/plan.ts';
import { readsOthers } from '../plan/task.ts';
import { flag, judge, number, skippedBy, surely } from '../template/conditions.ts';
import { failed, unknownOutcome } from './converge.ts';
import type { Place } from './frame.ts';
import { endBefore, worksHere } from './keep.ts';
import { namesOf } from './names.ts';
import { notifyAfter } from './notify.ts';
import { Unforeseen } from './plan-guard.ts';
import { HostFailed, type Lane, LaneEnded } from './play-run.ts';
import { readAhead } from './read-ahead.ts';
import { keepFacts, remember } from './remember.ts';
import { resultOf } from './result.ts';
import { runTask } from './run-task.ts';
import { fall, isFatal, runsOnce, spread, twiceFor } from './spread.ts';
import { endOf, type TaskEnd, type TaskPart, type TimedEnd } from './task-run.ts';
import { groundOf, scopeOf } from './task-scope.ts';

/**
 * One task on one host: wait for whom it must wait for, run, judge, remember. Gives how its items ended here.
 * @throws HostFailed, LaneEnded
 */
export async function step(lane: Lane, task: PlanTask, place: Place): Promise<readonly TaskPart[]> {
  lane.playRun.gates.enter(lane.host.name, place.position);
  try {
    return await attempt(lane, task, place);
  } catch (thrown) {
    const { run } = lane.playRun;
    // What waits is woken by an error when the run is asked to end.
    const woken = thrown instanceof Error && thrown.name === 'AbortError' && run.stopping.aborted;
    if (woken || (run.signal.aborted && !(thrown instanceof HostFailed))) throw new LaneEnded('aborted');
    if (thrown instanceof Unforeseen) return stopHere(lane, task, { place, thrown });
    if (thrown instanceof Unresolved) return doubtful(lane, task, { place, thrown });
    if (!(thrown instanceof Failure)) throw thrown;
    return wrongKeyword(lane, task, { place, thrown });
  }
}

/** A keyword that does not evaluate fails the task, like an argument that does not. */
function wrongKeyword(
  lane: Lane,
  task: PlanTask,
  { place, thrown }: { readonly place: Place; readonly thrown: Failure },
): readonly TaskPart[] {
  const outcome = failed(lane.playRun.run.settings.mode, thrown.toDiagnostic(task.span), {});
  const end: TimedEnd = { ...endOf(outcome), durationMs: 0 };
  try {
    return conclude(lane, task, { place, end });
  } catch (again) {
    // It may be a keyword that says what a failure means.
    if (!(again instanceof Failure)) throw again;
    report(lane, place, { end, outcome, verdict: 'final' });
    throw new HostFailed(task, resultOf(task, outcome));
  }
}

/** A keyword that is needed before the task can be begun is not known: nothing of what it does is. */
function doubtful(
  lane: Lane,
  task: PlanTask,
  { place, thrown }: { readonly place: Place; readonly thrown: Unresolved },
): readonly TaskPart[] {
  const scope = scopeOf(lane, task);
  const wanted = judge(task.inherited.when, scope);
  const outcome = wanted.kind === 'false' ? skippedBy(wanted.by) : unknownOutcome(thrown.unknown);
  if (wanted.kind !== 'false') lane.unsure.why ??= thrown.unknown;
  const end: TimedEnd = { ...endOf(outcome), durationMs: 0 };
  remember(lane, task, { end, scope });
  notifyAfter(lane, task, { node: place.node, end, scope });
  report(lane, place, { end, outcome, verdict: 'final' });
  return [];
}

/** A change that the plan does not have ends the host's run at once: no rescue may go on from here. */
function stopHere(
  lane: Lane,
  task: PlanTask,
  { place, thrown }: { readonly place: Place; readonly thrown: Unforeseen },
): never {
  const { host, diagnostic } = thrown;
  // The others of a task that runs once only wait for the one that it runs on.
  if (host !== lane.host.name) throw new LaneEnded('aborted');
  const outcome: Outcome = { kind: 'failed', diagnostic, output: { unforeseen: true } };
  const hidden = flag(task.inherited.nearest.no_log, scopeOf(lane, task), false);
  report(lane, place, {
    end: { ...endOf(outcome), durationMs: 0 },
    outcome: hidden ? censored(task.action, outcome) : outcome,
    verdict: 'final',
  });
  spread(lane, task, { place, verdict: 'final' });
  throw new LaneEnded('unforeseen');
}

async function attempt(lane: Lane, task: PlanTask, place: Place): Promise<readonly TaskPart[]> {
  const { playRun, host } = lane;
  const scope = scopeOf(lane, task);
  const linear = playRun.play.strategy === 'linear';
  const once = runsOnce(lane, task, scope);
  const limit = number(task.inherited.nearest.throttle, scope);
  if (once || linear || readsOthers(task)) {
    await playRun.gates.meet(host.name, place.position);
  }
  checkpoint(lane);
  if (!(await isWanted(lane, task, { place, linear }))) return [];
  if (once) return stepOnce(lane, task, place);
  if (limit === null || limit <= 0)
    return conclude(lane, task, { place, end: await execute(lane, task, place) });
  const release = await playRun.gates.admit(host.name, place.position, limit);
  let end: TimedEnd;
  try {
    checkpoint(lane);
    end = await execute(lane, task, place);
  } finally {
    release();
  }
  return conclude(lane, task, { place, end });
}

/** `--step` asks about each task: in a linear play once, else for each host. */
async function isWanted(
  lane: Lane,
  task: PlanTask,
  { place, linear }: { readonly place: Place; readonly linear: boolean },
): Promise<boolean> {
  const { stepping } = lane.playRun.run;
  if (stepping === null || task.meta !== null) return true;
  const { title } = namesOf(task, () => scopeOf(lane, task));
  const what = lane.flush.running === null ? 'TASK' : 'HANDLER';
  const host = linear ? null : lane.host.name;
  const wanted = await stepping({ node: place.node, title: `${what}: ${title}`, host });
  checkpoint(lane);
  return wanted;
}

/** Leaves when the play was stopped, or when another host's failure is every host's. */
export function checkpoint({ playRun, felt }: Lane): void {
  if (playRun.ended !== null) throw new LaneEnded('done');
  if (playRun.aborted !== null || playRun.run.stopping.aborted) throw new LaneEnded('aborted');
  for (const [key, { twice }] of playRun.falls) {
    if (felt.has(key)) continue;
    felt.add(key);
    throw new HostFailed(null, {}, twice);
  }
}

/** Runs on the first of the hosts that have come to it; the others get its result. */
async function stepOnce(lane: Lane, task: PlanTask, place: Place): Promise<readonly TaskPart[]> {
  const { playRun, host } = lane;
  const key = place.position.join('.');
  let record = playRun.once.get(key) ?? null;
  if (record === null) {
    const ran = playRun.run.before?.hostOf(place.node, lane.frame.way, playRun.batch);
    const first = ran ?? playRun.gates.first(place.position) ?? host.name;
    const firstHost = playRun.run.hosts.get(first) ?? host;
    record = { host: first, end: execute({ ...lane, host: firstHost }, task, place) };
    playRun.once.set(key, record);
  }
  const end = await record.end;
  if (record.host === host.name) return conclude(lane, task, { place, end });
  // Only who asks for it gives the result to all hosts, as in Ansible.
  if (flag(task.inherited.nearest.run_once, scopeOf(lane, task), false))
    remember(lane, task, { end, scope: scopeOf(lane, task) });
  if (!isBad(end.outcome) || ignored(lane, task, end)) return [];
  // Where they do not go in step, what nobody rescues ends the play for all, whoever of them hears of it first.
  if (lane.playRun.play.strategy !== 'linear' && lane.rescuers === 0) throw new LaneEnded('aborted');
  lane.felt.add(key);
  throw new HostFailed(null, {}, twiceFor(lane, task));
}

async function execute(lane: Lane, task: PlanTask, place: Place): Promise<TimedEnd> {
  const { playRun, host } = lane;
  const { run } = playRun;
  playRun.board.name(place.node, task, () => {
    const first = playRun.gates.first(place.position) ?? host.name;
    return scopeOf({ ...lane, host: run.hosts.get(first) ?? host }, task);
  });
  run.emit({ type: 'task.started', node: place.node, host: host.name });
  const before = run.before?.take({ node: place.node, way: lane.frame.way, host: host.name }) ?? null;
  const known = endBefore(lane, task, before);
  if (known !== null) return { ...known, durationMs: 0 };
  const started = performance.now();
  const end = await runTask({
    ...groundOf(lane, task),
    node: place.node,
    order: place.position[0] ?? 0,
    ended: (part) => keepFacts(lane, task, part),
    ahead: (rest) => readAhead(lane, task, rest),
  });
  if (!worksHere(task)) run.before?.ran({ node: place.node, host: host.name, outcome: end.outcome });
  return { ...withChangeBefore(end, before), durationMs: Math.round(performance.now() - started) };
}

/** Reports the end of a task on this host and draws the consequences. */
function conclude(
  lane: Lane,
  task: PlanTask,
  { place, end }: { readonly place: Place; readonly end: TimedEnd },
): readonly TaskPart[] {
  const { playRun } = lane;
  const { outcome } = end;
  remember(lane, task, { end, scope: scopeOf(lane, task) });
  const { role } = task.inherited;
  if (role !== null && outcome.kind !== 'skipped' && outcome.kind !== 'unreachable')
    lane.roles.begun.add(role.identity);
  const scope = scopeOf(lane, task);
  const bad = isBad(outcome) || outcome.kind === 'unreachable';
  const verdict: Verdict =
    bad && ignored(lane, task, end) ? 'ignored' : isBad(outcome) && lane.rescuers > 0 ? 'rescued' : 'final';
  // Before the report: a handler that is not there fails the task.
  notifyAfter(lane, task, { node: place.node, end, scope });
  report(lane, place, {
    end,
    outcome: flag(task.inherited.nearest.no_log, scope, false) ? censored(task.action, outcome) : outcome,
    verdict,
  });
  if (outcome.kind === 'unreachable' && verdict === 'final') {
    if (isFatal(lane, task))
      fall(lane, place, { reason: `${lane.host.name} became unreachable in '${task.title}'`, twice: 'no' });
    throw new LaneEnded('unreachable');
  }
  if (outcome.kind === 'unknown' && playRun.run.settings.mode === 'check' && !ignored(lane, task, end))
    lane.unsure.why ??= new Unknown(`it hangs on whether '${task.title}' fails, which is unknown`, task.span);
  if (!bad || verdict === 'ignored') return end.parts;
  spread(lane, task, { place, verdict });
  throw new HostFailed(task, resultOf(task, outcome));
}

interface Reported {
  readonly end: TimedEnd;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
}

function report({ playRun, host, frame }: Lane, { node }: Place, { end, outcome, verdict }: Reported): void {
  playRun.run.emit({
    type: 'task.finished',
    node,
    ...(frame.way === '' ? {} : { way: frame.way }),
    host: host.name,
    delegate: end.delegate,
    looped: end.looped,
    outcome,
    verdict,
    durationMs: end.durationMs,
  });
}

function isBad(outcome: Outcome): boolean {
  return outcome.kind === 'failed' || outcome.kind === 'would-fail';
}

/** Whether all that went wrong is to be ignored; the keywords may depend on a loop's item. */
function ignored(lane: Lane, task: PlanTask, end: TaskEnd): boolean {
  const { ignore_errors: errors, ignore_unreachable: away } = task.inherited.nearest;
  const bad = end.parts.filter(({ outcome }) => isBad(outcome) || outcome.kind === 'unreachable');
  const ends = bad.length === 0 ? [{ outcome: end.outcome, scope: scopeOf(lane, task) }] : bad;
  return ends.every(({ outcome: { kind }, scope }) =>
    kind === 'unknown' ? surely(errors, scope) : flag(kind === 'unreachable' ? away : errors, scope, false),
  );
}
