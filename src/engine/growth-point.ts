import { Unknown } from '../core/unknown.ts';
import type { PlanTask } from '../plan/plan.ts';
import { exportedLayers } from '../plan/role-variables.ts';
import { valueLayer } from '../variables/layer.ts';
import type { Arrival, Branch, GrowthPoint } from './branch.ts';
import type { Place } from './frame.ts';
import type { Lane, PlayRun } from './play-run.ts';
import type { TaskPart } from './task-run.ts';

/** An include whose place is known. */
interface Include {
  readonly playRun: PlayRun;
  readonly task: PlanTask;
  readonly place: Place;
}

/**
 * The ways that a host takes after an include, in order. In a linear play all hosts are waited for first, so that those
 * with the same file and item go on together, as in Ansible.
 */
export async function branchesOf(
  { playRun, host, frame }: Lane,
  task: PlanTask,
  { place, parts }: { readonly place: Place; readonly parts: readonly TaskPart[] },
): Promise<readonly Branch[]> {
  const brings = task.growth?.brings === 'tasks';
  if (brings && parts.some(({ grown, outcome }) => grown === null && outcome.kind === 'unknown'))
    playRun.handlersUnread = true;
  if (parts.every((part) => part.grown === null)) return [];
  const key = place.position.join('.');
  const point: GrowthPoint = playRun.points.get(key) ?? { branches: [], waiting: new Map() };
  playRun.points.set(key, point);
  const include: Include = { playRun, task, place };
  const arrival: Arrival = { host: host.name, frame, parts };
  if (playRun.play.strategy === 'linear') {
    const position = [...place.position, 0];
    point.waiting.set(host.name, arrival);
    playRun.gates.enter(host.name, position);
    await playRun.gates.meet(host.name, position);
    const arrivals = playRun.batch.flatMap((name) => point.waiting.get(name) ?? []);
    point.waiting.clear();
    announce(include, point, arrivals);
  } else announce(include, point, [arrival]);
  return point.branches.filter((branch) => branch.frames.has(host.name));
}

/** Leads hosts into branches and tells of it; branches that are new come into the play. */
function announce(include: Include, point: GrowthPoint, arrivals: readonly Arrival[]): void {
  const { playRun, place } = include;
  const known = point.branches.length;
  const joined = new Map<Branch, string[]>();
  for (const arrival of arrivals) {
    const { host: name } = arrival;
    for (const branch of lead(include, point, arrival)) {
      // Where it is unknown whether it is included, the task has said so.
      const included = branch.frames.get(name)?.doubt === null ? [name] : [];
      joined.set(branch, [...(joined.get(branch) ?? []), ...included]);
    }
  }
  for (const [{ grown, label }, hosts] of joined) {
    if (hosts.length > 0)
      playRun.run.emit({ type: 'included', node: place.node, file: grown.label, hosts, label });
  }
  for (const branch of point.branches.slice(known)) {
    const { grown, frames } = branch;
    const [frame] = frames.values();
    if (frame !== undefined) playRun.board.add(grown.body, frame);
    playRun.handlers.push(...grown.handlers.map((task) => ({ task, frames })));
    if (grown.roles.length === 0) continue;
    playRun.roles = [...playRun.roles, ...grown.roles];
    playRun.exported = exportedLayers(playRun.roles);
  }
}

/** The branches of one host, an own one where it is the first of its kind. */
function lead(
  { task, place }: Include,
  point: GrowthPoint,
  { host, frame, parts }: Arrival,
): readonly Branch[] {
  const taken: Branch[] = [];
  for (const [index, { grown, names, label, outcome }] of parts.entries()) {
    if (grown === null) continue;
    const key = JSON.stringify([grown.label, names]);
    let branch = point.branches.find(
      (other) => other.grown === grown && other.key === key && !other.frames.has(host),
    );
    if (branch === undefined) {
      branch = { key, grown, base: [...place.position, point.branches.length + 1], label, frames: new Map() };
      point.branches.push(branch);
    }
    const { growth } = task;
    const params = growth?.params ?? null;
    branch.frames.set(host, {
      ...frame,
      base: branch.base,
      way: `${frame.way}${task.id}.${index} `,
      layers: [
        ...frame.layers,
        ...(params === null ? [] : [params]),
        valueLayer('include params', 'the include', names),
      ],
      doubt: outcome.kind === 'unknown' ? new Unknown(outcome.reason, outcome.cause) : frame.doubt,
    });
    taken.push(branch);
  }
  return taken;
}
