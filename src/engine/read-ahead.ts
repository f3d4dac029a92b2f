import { Unknown } from '../core/unknown.ts';
import { andThen, nothing } from '../modules/ask.ts';
import { ask, askForeseen, type Site } from '../modules/host/asking.ts';
import { hostArguments } from '../modules/host/host-paths.ts';
import type { Reader } from '../modules/host/read-ahead.ts';
import { renderArguments } from '../modules/render-arguments.ts';
import type { PlanNode, PlanTask } from '../plan/plan.ts';
import { earlyReading } from '../plan/task.ts';
import { flag, judge } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { extend } from '../variables/scope.ts';
import { contextOf } from './attempt.ts';
import { itemNames, loopItems } from './loop.ts';
import { ownNames } from './overrule.ts';
import type { Lane } from './play-run.ts';
import { siteOf } from './site.ts';
import { groundOf, type TaskGround } from './task-scope.ts';

/** A task that a host will come to, or an item of its loop, as far as that can be told now. */
export interface Coming extends TaskGround {
  readonly names: Scope;
}

/**
 * Asks on a lane's host what the tasks to come will ask, as many questions as there is use for: `rest` are the items that the
 * present task has still to do. What cannot be told yet, or goes wrong, is left for its time.
 */
export function readAhead(lane: Lane, task: PlanTask, rest: Iterable<Scope>): void {
  const { pool } = lane.playRun.run;
  let room = pool.ahead.window(lane.host.name, lane.playRun.batch.length);
  if (room === 0) return;
  const reader = pool.ahead.filling((to, request) => pool.run(to, request));
  for (const coming of comingTo(lane, task, rest)) {
    room -= askEarly(coming, reader);
    if (room <= 0) return;
  }
}

function* comingTo(lane: Lane, task: PlanTask, rest: Iterable<Scope>): Generator<Coming> {
  const ground = groundOf(lane, task);
  for (const names of rest) yield { ...ground, names };
  if (earlyReading(task) === 'guard') return;
  for (let at = lane.following; at !== null; at = at.lane.following) {
    for (const next of tasksFrom(at.nodes, at.from)) {
      const early = earlyReading(next);
      if (early === 'no-further') return;
      yield* withItems(groundOf(at.lane, next));
      if (early === 'guard') return;
    }
  }
}

function* tasksFrom(nodes: readonly PlanNode[], from: number): Generator<PlanTask> {
  for (let index = from; index < nodes.length; index++) {
    const node = nodes[index];
    if (node?.kind === 'task') yield node;
    else if (node?.kind === 'block') yield* tasksFrom([...node.body, ...node.always], 0);
    else if (node?.kind === 'role') yield* tasksFrom(node.body, 0);
  }
}

function* withItems(ground: TaskGround): Generator<Coming> {
  const { task } = ground;
  const names = ground.scope();
  if (task.loop === null) {
    yield { ...ground, names };
    return;
  }
  const items = quietly(() => loopItems(ground));
  if (items === null || items instanceof Unknown) return;
  for (const index of items.keys()) {
    const own = quietly(() => ownNames(itemNames(task, items, { index, scope: names })));
    if (own !== null) yield { ...ground, names: extend(names, own) };
  }
}

/** Sends the questions of one task. Gives how many they are. */
export function askEarly({ names, ...ground }: Coming, reader: Reader): number {
  const { task, run, host } = ground;
  const { nearest } = task.inherited;
  const found = quietly(() => {
    if (nearest.delegate_to !== undefined || flag(nearest.run_once, names, false)) return null;
    if (judge(task.inherited.when, names).kind !== 'true') return null;
    const rendered = renderArguments(task, names);
    if (rendered.kind === 'unknown') return null;
    const context = contextOf({ ...ground, scope: names }, host);
    const site: Site = {
      ...siteOf({ ...ground, scope: names }, { host, signal: run.signal }),
      reader,
    };
    const asked = andThen(hostArguments(task.module, rendered.args) ?? nothing(rendered.args), (args) =>
      task.module.probe(args, context),
    );
    return { site, asked };
  });
  if (found === null) return 0;
  const { site, asked } = found;
  const asking = run.settings.mode === 'check' ? askForeseen(site, asked) : ask(site, asked);
  asking.catch(() => undefined);
  return Math.max(1, asked.queries.length);
}

/** What does not work out now is done once more in its time, and says then what is wrong. */
function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
