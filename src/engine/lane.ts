import type { Value } from '../core/value.ts';
import type { PlanBarrier, PlanBlock, PlanFlush, PlanNode, PlanRoleUse, PlanTask } from '../plan/plan.ts';
import { flag } from './conditions.ts';
import type { Position } from './gates.ts';
import { HostFailed, type Lane, LaneEnded } from './play-run.ts';
import { playScope } from './play-scope.ts';
import { hostLeft, step } from './step.ts';

/** Takes one host through a play. Ends when the host is through, has failed, or the play was stopped. */
export async function walkPlay(lane: Lane): Promise<void> {
  const { playRun, host } = lane;
  try {
    await walk(lane, playRun.play.body);
  } catch (thrown) {
    if (thrown instanceof HostFailed) {
      await flushAfterFailure(lane);
      hostLeft(lane, 'failed');
    } else if (thrown instanceof LaneEnded) {
      if (thrown.why === 'unreachable') hostLeft(lane, 'unreachable');
    } else throw thrown;
  } finally {
    playRun.gates.leave(host.name);
  }
}

async function walk(lane: Lane, nodes: readonly PlanNode[]): Promise<void> {
  for (const node of nodes) {
    switch (node.kind) {
      case 'task':
        await step(lane, node, { position: [node.order], node: node.id });
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
        await flush(lane, node);
        break;
    }
  }
}

/** A role of which a task has run here does not run again in the play, unless it may. */
async function walkRole(lane: Lane, { role, body }: PlanRoleUse): Promise<void> {
  const { begun, done } = lane.roles;
  if (role.repeat === 'no' && done.has(role.identity)) return;
  await walk(lane, body);
  if (begun.has(role.identity)) done.add(role.identity);
}

/** `always` runs whatever happened, and what happened goes on afterwards; an unreachable host runs neither. */
async function walkBlock(lane: Lane, block: PlanBlock): Promise<void> {
  let failure: HostFailed | null = null;
  try {
    await walkBody(lane, block);
  } catch (thrown) {
    if (!(thrown instanceof HostFailed)) throw thrown;
    failure = thrown;
  }
  await walk(lane, block.always);
  if (failure !== null) throw failure;
}

async function walkBody(lane: Lane, block: PlanBlock): Promise<void> {
  if (block.rescue.length === 0) return walk(lane, block.body);
  try {
    await walk({ ...lane, rescuers: [...lane.rescuers, block.id] }, block.body);
  } catch (thrown) {
    if (!(thrown instanceof HostFailed) || (thrown.block !== null && thrown.block !== block.id)) throw thrown;
    if (thrown.task !== null) rememberFailure(lane, thrown.task, thrown.result);
    await walk(lane, block.rescue);
  }
}

/** What a rescue may read; on a host that was only sent there, nothing failed. */
function rememberFailure({ host }: Lane, task: PlanTask, result: Value): void {
  const names: Record<string, Value> = {
    ansible_failed_task: { name: task.name ?? '', action: task.module.name },
    ansible_failed_result: result,
  };
  for (const [name, value] of Object.entries(names)) {
    host.registered.set(name, { kind: 'value', value, span: task.span });
  }
}

async function waitAtBarrier(lane: Lane, barrier: PlanBarrier): Promise<void> {
  const { playRun, host } = lane;
  const position: Position = [barrier.order];
  const { gates, run } = playRun;
  gates.enter(host.name, position);
  if (gates.wouldWait(host.name, position))
    run.emit({ type: 'barrier.waiting', node: barrier.id, host: host.name });
  await gates.meet(host.name, position);
  if (playRun.aborted !== null) throw new LaneEnded('aborted');
  if (playRun.opened.has(barrier.id)) return;
  playRun.opened.add(barrier.id);
  run.emit({ type: 'barrier.opened', node: barrier.id, name: barrier.title, hosts: gates.active() });
}

/** Handlers in the order of their definition; one that was notified meanwhile by a later one runs in a second pass. */
async function flush(lane: Lane, point: PlanFlush): Promise<void> {
  const { playRun, host, pending } = lane;
  playRun.gates.enter(host.name, [point.order]);
  // Other hosts of a linear play may still be at the tasks before, whose handlers must come in step with ours.
  if (playRun.play.strategy === 'linear' && playRun.play.handlers.length > 0)
    await playRun.gates.meet(host.name, [point.order]);
  for (let pass = 0; pending.size > 0; pass++) {
    for (const [index, handler] of playRun.play.handlers.entries()) {
      if (!pending.delete(handler)) continue;
      const position: Position = [point.order, pass, index];
      await step(lane, handler, { position, node: playRun.board.handler(handler, position) });
    }
  }
}

/** `force_handlers`: what was notified before the failure still runs. */
async function flushAfterFailure(lane: Lane): Promise<void> {
  const { playRun, pending } = lane;
  if (pending.size === 0 || !forced(lane)) return;
  const last: PlanTask[] = playRun.play.handlers.filter((handler) => pending.has(handler));
  pending.clear();
  const order = playRun.play.body.at(-1)?.order ?? 0;
  try {
    for (const [index, handler] of last.entries()) {
      const position: Position = [order, 0, index];
      await step(lane, handler, { position, node: playRun.board.handler(handler, position) });
    }
  } catch (thrown) {
    if (!(thrown instanceof HostFailed)) throw thrown;
  }
}

function forced({ playRun, host }: Lane): boolean {
  if (playRun.run.settings.forceHandlers === 'yes') return true;
  return flag(playRun.play.forceHandlers, playScope(playRun, host), false);
}
