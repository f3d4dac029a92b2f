import type { Reference, Template } from '../template/template.ts';
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

/** Every task and handler of a plan, those that includes are known to bring among them. */
export function tasksOfPlan(plan: Plan): readonly PlanTask[] {
  return plan.plays.flatMap((play) => allTasks(play).flatMap(withGrown));
}

function withGrown(task: PlanTask): readonly PlanTask[] {
  const known = task.growth?.known ?? null;
  if (known === null) return [task];
  return [task, ...[...tasksOf(known.body), ...known.handlers].flatMap(withGrown)];
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
    ...task.args.wholes,
    ...task.until,
    ...loopControl.breakWhen,
    ...(task.changedWhen ?? []),
    ...(task.failedWhen ?? []),
  ];
}

/**
 * Some templates, and those of the variables that they or these mention: of a map only the members that they lead to. `sure`:
 * without what may be missing, and without members of which it is worked out whether they are meant.
 */
export function withVariables(
  templates: readonly Template[],
  layers: readonly Layer[],
  reach: 'any' | 'sure' = 'any',
): ReadonlySet<Template> {
  const used = new Set(templates);
  const seen = new Set<string>();
  const templatesNamed = namedTemplates(layers);
  // A set that grows is walked to its end.
  for (const { references } of used) {
    for (const { name, paths, guarded } of references) {
      if (guarded && reach === 'sure') continue;
      for (const path of paths) {
        const key = JSON.stringify([name, path]);
        if (seen.has(key)) continue;
        seen.add(key);
        for (const template of templatesNamed(name))
          for (const each of reached(template, path, reach)) used.add(each);
      }
    }
  }
  return used;
}

/** What of a variable's template is needed for what lies at a path. */
function reached(
  template: Template,
  [key, ...rest]: Reference['paths'][number],
  reach: 'any' | 'sure',
): readonly Template[] {
  if (key === undefined || template.parts === undefined) return [template];
  return template.parts.flatMap((part) => {
    const keys = part.name === null ? [] : [part.name];
    const leads = key === null || part.key === null ? reach === 'any' : part.key === key;
    return leads ? [...keys, ...reached(part.template, rest, reach)] : keys;
  });
}

/** For the few layers of a task each is asked; for those of a whole plan an index is made. */
function namedTemplates(layers: readonly Layer[]): (name: string) => readonly Template[] {
  const all = [...new Set(layers.map(({ entries }) => entries))];
  if (all.length < 20) {
    return (name) =>
      all.flatMap((entries) => {
        const entry = entries.get(name);
        return entry?.kind === 'template' ? [entry.template] : [];
      });
  }
  const index = new Map<string, Template[]>();
  for (const entries of all) {
    for (const [name, entry] of entries) {
      if (entry.kind !== 'template') continue;
      const same = index.get(name);
      if (same === undefined) index.set(name, [entry.template]);
      else same.push(entry.template);
    }
  }
  return (name) => index.get(name) ?? [];
}
