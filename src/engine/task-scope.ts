import { dirname } from 'node:path';
import { isList, type Value } from '../core/value.ts';
import type { PlanPlay, PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { lazyLayer, type Search, searchIn } from '../variables/magic.ts';
import { doubtOf, healthyHosts, type Lane } from './play-run.ts';
import { playScope } from './play-scope.ts';
import type { TaskRun } from './task-run.ts';

/** What counts for a task where a host stands. */
export type TaskGround = Pick<
  TaskRun,
  'run' | 'task' | 'host' | 'doubt' | 'scope' | 'scopeOf' | 'playHosts' | 'folders'
>;

/** The names, hosts and folders that count for a task on a lane's host. */
export function groundOf(lane: Lane, task: PlanTask): TaskGround {
  const { playRun, host } = lane;
  const { run } = playRun;
  return {
    run,
    task,
    host: host.name,
    doubt: doubtOf(lane),
    scope: () => scopeOf(lane, task),
    scopeOf: (name) => scopeOf({ ...lane, host: run.hosts.get(name) ?? host }, task),
    playHosts: () => healthyHosts(playRun),
    folders: searchOf(task, playRun.play).folders,
  };
}

/** The names that count for a task on a lane's host. */
export function scopeOf({ playRun, host, frame }: Lane, task: PlanTask): Scope {
  const own = lazyLayer([['environment', () => environmentAround(task, scope)]]);
  const search = searchOf(task, playRun.play);
  const more = [...frame.layers, search.layer, own];
  const scope = playScope(playRun, host, { inherited: task.inherited, more });
  return scope;
}

/** What `environment` tells: the maps of all levels, outermost first. */
function environmentAround({ inherited }: PlanTask, scope: Scope): Value {
  return inherited.environment
    .map((template) => template.render(scope))
    .flatMap((value) => (isList(value) ? value : [value]));
}

/** Where relative names of files are looked up: in the task's role and those around it, beside the task, beside the playbook. */
function searchOf(task: PlanTask, { folder }: PlanPlay): Search {
  return searchIn(task, () => [...(task.inherited.role?.folders ?? []), dirname(task.file), folder]);
}
