import type { Event } from '../../src/events/event.ts';
import { lab } from '../lab/rig/lab.ts';
import type { StruckTask } from './cells.ts';
import { makeController } from './controller.ts';
import { nodes, playbook } from './story.ts';
import { watchedRun } from './watched-run.ts';

/** The tasks of the playbook on bare nodes, in order, each with the hosts that do not skip it; as a check says them. */
export async function tasksOfPlaybook(): Promise<readonly StruckTask[]> {
  await lab('up', String(nodes.length));
  const controller = await makeController(playbook);
  const titles = new Map<string, string>();
  const hosts = new Map<string, string[]>();
  const on = (event: Event): void => {
    if (event.type === 'play.started' || event.type === 'tasks.added')
      for (const task of event.tasks) if (task.kind === 'task') titles.set(task.id, task.title);
    if (event.type === 'task.finished' && event.outcome.kind !== 'skipped')
      hosts.set(event.node, [...(hosts.get(event.node) ?? []), event.host]);
  };
  try {
    const end = await watchedRun([...controller.command, '--check'], controller.env, on).end;
    if (end.exitCode !== 0) throw new Error(`the check failed: ${end.errors.join('\n')}${end.stderr}`);
  } finally {
    controller.remove();
  }
  return [...titles].flatMap(([id, title]) => {
    const its = hosts.get(id)?.sort() ?? [];
    return its.length === 0 ? [] : [{ id, title, hosts: its }];
  });
}
