import type { Position } from '../core/gates.ts';
import { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { MetaAction } from '../modules/general/meta.ts';
import type { PlanBarrier, PlanBlock, PlanNode, PlanRoleUse, PlanTask } from '../plan/plan.ts';
import { flag } from '../template/conditions.ts';
import { failedTask } from './failed-task.ts';
import { type Frame, type Place, placeIn, topFrame } from './frame.ts';
import { branchesOf } from './growth-point.ts';
import { concernsAll, steer } from './meta.ts';
import { handlersFor, mark } from './notify.ts';
import { type Handler, HostFailed, type Lane, LaneEnded, RoleEnded } from './play-run.ts';
import { playScope } from './play-scope.ts';
import { hostLeft } from './spread.ts';
import { checkpoint, step } from './step.ts';
import type { TaskPart } from './task-run.ts';

/** A place behind every node. */
const behindAll = Number.MAX_SAFE_INTEGER;

/** Takes one host through a play. Ends when the host is through, has failed, or the play was stopped. */
export async function walkPlay(lane: Lane): Promise<void> {
  const { playRun, host } = lane;
  try {
    await walk(lane, playRun.play.body);
    await inStep(lane, [behindAll]);
  } catch (thrown) {
    if (thrown instanceof HostFailed) {
      await flushAfterFailure(lane);
      hostLeft(lane, 'failed');
    } else if (thrown instanceof LaneEnded) {
      if (thrown.why === 'unreachable') hostLeft(lane, 'unreachable');
      if (thrown.why === 'unforeseen') hostLeft(lane, 'failed');
    } else throw thrown;
  } finally {
    playRun.gates.leave(host.name);
  }
}

async function walk(around: Lane, nodes: readonly PlanNode[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const lane: Lane = { ...around, following: { nodes, from: index + 1, lane: around } };
    switch (node.kind) {
      case 'task':
        await walkTask(lane, node, placeIn(lane.frame, node));
        break;
      case 'block':
        await walkBlock(lane, node);
        break;
      case 'role':
        await walkRole(lane, node);
        break;
      case 'barrier':
        await waitAtBarrier(lane, node);
        break;
      case 'flush':
        await flush(lane, placeIn(lane.frame, node).position);
        break;
    }
  }
}

/** An include goes on in what it brings: in several files one after the other. */
async function walkTask(lane: Lane, task: PlanTask, place: Place): Promise<void> {
  const parts = await step(lane, task, place);
  if (task.meta !== null) await walkMeta(lane, task.meta, { place, parts });
  if (task.growth?.brings !== 'tasks') return;
  for (const { grown, frames } of await branchesOf(lane, task, { place, parts })) {
    await walk({ ...lane, frame: frames.get(lane.host.name) ?? lane.frame }, grown.body);
  }
}

/** What a meta task comes to; where only a run would tell whether the play ends, all that follows is unknown. */
async function walkMeta(
  lane: Lane,
  action: MetaAction,
  { place, parts }: { readonly place: Place; readonly parts: readonly TaskPart[] },
): Promise<void> {
  for (const { outcome } of parts) {
    if (outcome.kind === 'unknown' && action.startsWith('end_')) {
      const doubt = new Unknown(outcome.reason, outcome.cause);
      if (concernsAll(action)) lane.playRun.doubt ??= doubt;
      else lane.doubt.why ??= doubt;
    }
    if (outcome.kind !== 'ok') continue;
    if (action === 'flush_handlers') await flush(lane, place.position);
    else await steer(lane, action);
  }
}

/** A role of which a task has run here does not run again in the play, unless it may. */
async function walkRole(lane: Lane, { role, body }: PlanRoleUse): Promise<void> {
  const { begun, done } = lane.roles;
  if (role.repeat === 'no' && done.has(role.identity)) return;
  try {
    await walk(lane, body);
  } catch (thrown) {
    if (!(thrown instanceof RoleEnded)) throw thrown;
  }
  if (begun.has(role.identity)) done.add(role.identity);
}

/** `always` runs whatever happened, and what happened goes on afterwards; an unreachable host runs neither. */
async function walkBlock(lane: Lane, block: PlanBlock): Promise<void> {
  let failure: HostFailed | null = null;
  try {
    await walkBody(lane, block);
    await beforePart(lane, block.always);
  } catch (thrown) {
    if (!(thrown instanceof HostFailed)) throw thrown;
    failure = thrown.twice === 'yes' ? new HostFailed(null, {}) : thrown;
    if (thrown.task !== null && lane.rescuers > 0) rememberFailure(lane, thrown.task, thrown.result);
    if (thrown.twice === 'yes') throw failure;
  }
  try {
    await walk(lane, block.always);
  } catch (thrown) {
    throw failure !== null && thrown instanceof LaneEnded && thrown.why === 'aborted' ? failure : thrown;
  }
  if (failure !== null) throw failure;
}

async function walkBody(lane: Lane, block: PlanBlock): Promise<void> {
  if (block.rescue.length === 0) return walk(lane, block.body);
  const unsure: Lane['unsure'] = { why: null };
  try {
    await walk({ ...lane, unsure, rescuers: lane.rescuers + 1 }, block.body);
    await beforePart(lane, block.rescue);
    if (unsure.why !== null) await walkPerhaps(lane, block.rescue, unsure.why);
  } catch (thrown) {
    if (!(thrown instanceof HostFailed)) throw thrown;
    if (thrown.twice === 'yes') throw new HostFailed(null, {});
    if (thrown.task !== null) rememberFailure(lane, thrown.task, thrown.result);
    await walk(lane, block.rescue);
  }
}

/** A part of a block that a host comes to, or passes, in step with the others: what failed before it is every host's there. */
async function beforePart(lane: Lane, [first]: readonly PlanNode[]): Promise<void> {
  if (first === undefined) return;
  const { position } = placeIn(lane.frame, first);
  await inStep(lane, [...position.slice(0, -1), (position.at(-1) ?? 0) - 1, behindAll]);
}

async function inStep(lane: Lane, position: Position): Promise<void> {
  if (lane.playRun.play.strategy !== 'linear') return;
  await lane.playRun.gates.meet(lane.host.name, position);
  checkpoint(lane);
}

/** Where only a run tells whether a task fails, it is unknown whether its rescue comes. */
async function walkPerhaps(lane: Lane, body: readonly PlanNode[], why: Unknown): Promise<void> {
  const names = ['ansible_failed_task', 'ansible_failed_result'];
  for (const name of names) lane.host.registered.set(name, { kind: 'value', value: why, span: why.span });
  await walk({ ...lane, frame: { ...lane.frame, doubt: lane.frame.doubt ?? why } }, body);
}

/** What a rescue may read; on a host that was only sent there, nothing failed. */
function rememberFailure({ playRun, host, frame }: Lane, task: PlanTask, result: Value): void {
  const scope = playScope(playRun, host, { inherited: task.inherited, more: frame.layers });
  const names: Record<string, Value> = {
    ansible_failed_task: failedTask(task, scope),
    ansible_failed_result: result,
  };
  for (const [name, value] of Object.entries(names)) {
    host.registered.set(name, { kind: 'value', value, span: task.span });
  }
}

async function waitAtBarrier(lane: Lane, barrier: PlanBarrier): Promise<void> {
  const { playRun, host } = lane;
  const { position, node } = placeIn(lane.frame, barrier);
  const { gates, run } = playRun;
  gates.enter(host.name, position);
  if (gates.wouldWait(position)) run.emit({ type: 'barrier.waiting', node, host: host.name });
  await gates.meet(host.name, position);
  if (playRun.ended !== null) throw new LaneEnded('done');
  if (playRun.aborted !== null) throw new LaneEnded('aborted');
  if (playRun.opened.has(node)) return;
  playRun.opened.add(node);
  run.emit({ type: 'barrier.opened', node, name: barrier.title, hosts: gates.active() });
}

/** Handlers in the order of their definition; one that was notified meanwhile by a later one runs in a second pass. */
async function flush(lane: Lane, position: Position): Promise<void> {
  const { playRun, host } = lane;
  playRun.gates.enter(host.name, position);
  // Other hosts of a linear play may still be at the tasks before, whose handlers must come in step with ours.
  if (playRun.play.strategy === 'linear' && playRun.handlers.length > 0)
    await playRun.gates.meet(host.name, position);
  const running = begin(lane);
  for (let pass = 0; running.size > 0; pass++) await runHandlers(lane, running, [...position, pass]);
  lane.flush.running = null;
}

/** What a flush runs: what was notified, and what a flush left that a failure ended. */
function begin(lane: Lane): Map<Handler, Unknown | null> {
  const { notified, flush } = lane;
  const running = new Map(flush.running ?? []);
  for (const [name, doubt] of notified)
    for (const handler of handlersFor(lane, name)) mark(running, handler, doubt);
  notified.clear();
  flush.running = running;
  flush.begun.clear();
  return running;
}

async function runHandlers(lane: Lane, running: Map<Handler, Unknown | null>, base: Position): Promise<void> {
  const { playRun, host } = lane;
  for (const [index, handler] of playRun.handlers.entries()) {
    const notified = running.get(handler);
    if (notified === undefined) continue;
    running.delete(handler);
    lane.flush.begun.add(handler);
    const { task, frames } = handler;
    const position: Position = [...base, index];
    const [first] = frames.values();
    const around = frames.get(host.name) ?? first ?? topFrame;
    const way = `${around.way}flush ${base.join('.')} `;
    const frame: Frame = { ...around, kind: 'handler', way, doubt: around.doubt ?? notified };
    await walkTask({ ...lane, frame }, task, { position, node: playRun.board.handler(task, position) });
  }
}

/** `force_handlers`: what was notified before the failure still runs, at the end of the section; not what the flush there left. */
async function flushAfterFailure(lane: Lane): Promise<void> {
  const running = begin(lane);
  if (running.size === 0 || !forced(lane)) return;
  const { play, gates } = lane.playRun;
  const [order = 0] = gates.at(lane.host.name);
  const end = play.body.find((node) => node.kind === 'flush' && node.order >= order);
  if (end === undefined || end.order === order) return;
  try {
    await runHandlers({ ...lane, frame: topFrame }, running, [end.order, 0]);
  } catch (thrown) {
    if (!(thrown instanceof HostFailed)) throw thrown;
  }
}

function forced({ playRun, host }: Lane): boolean {
  const { run, play } = playRun;
  return flag(play.forceHandlers, playScope(playRun, host), run.settings.forceHandlers === 'yes');
}
