import { dirname, resolve } from 'node:path';
import type { PlanPlay, PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { searchLayer } from '../variables/magic.ts';
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
    folders: foldersOf(task, playRun.play),
  };
}

/** The names that count for a task on a lane's host. */
export function scopeOf({ playRun, host, frame }: Lane, task: PlanTask): Scope {
  const search = searchLayer(foldersOf(task, playRun.play));
  return playScope(playRun, host, { inherited: task.inherited, more: [...frame.layers, search] });
}

/** Where relative names of files are looked up: in the task's role and those around it, beside the task, beside the playbook. */
function foldersOf({ inherited, file }: PlanTask, { folder }: PlanPlay): readonly string[] {
  return [
    ...new Set([...(inherited.role?.folders ?? []), dirname(file), folder].map((path) => resolve(path))),
  ];
}
