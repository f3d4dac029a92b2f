import type { Template } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import type { Plan, PlanNode, PlanPlay, PlanTask } from './plan.ts';

/** Every task below these nodes, in order. */
export function tasksOf(nodes: readonly PlanNode[]): readonly PlanTask[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'task':
        return [node];
      case 'block':
        return [...tasksOf(node.body), ...tasksOf(node.rescue), ...tasksOf(node.always)];
      case 'role':
        return tasksOf(node.body);
      case 'barrier':
      case 'flush':
        return [];
    }
  });
}

/** Every task and handler of a play. */
export function allTasks(play: PlanPlay): readonly PlanTask[] {
  return [...tasksOf(play.body), ...play.handlers];
}

/** Every task and handler of a plan. */
export function tasksOfPlan(plan: Plan): readonly PlanTask[] {
  return plan.plays.flatMap(allTasks);
}

/** Every template of a task, its own keywords and the inherited ones; vars only where asked. */
export function templatesOf(task: PlanTask): readonly Template[] {
  const { inherited, loopControl } = task;
  const optional: readonly (Template | null)[] = [
    task.loop?.template ?? null,
    task.retries,
    task.delay,
    task.async,
    task.poll,
    loopControl.label,
    loopControl.pause,
    loopControl.extended,
    loopControl.extendedAllItems,
  ];
  return [
    ...inherited.when,
    ...inherited.environment,
    ...inherited.notify,
    ...Object.values(inherited.nearest),
    ...optional.filter((template) => template !== null),
    ...[...task.args.values.values()].flatMap((arg): readonly Template[] =>
      arg.kind === 'template' ? [arg.template] : arg.expressions,
    ),
    ...task.until,
    ...loopControl.breakWhen,
    ...(task.changedWhen ?? []),
    ...(task.failedWhen ?? []),
  ];
}

/** The templates of variables. */
export function layerTemplates(layers: readonly Layer[]): readonly Template[] {
  return layers.flatMap((layer) =>
    [...layer.entries.values()].flatMap((entry) => (entry.kind === 'template' ? [entry.template] : [])),
  );
}
