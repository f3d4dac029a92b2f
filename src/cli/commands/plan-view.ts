import { Failure } from '../../core/failure.ts';
import { isList } from '../../core/value.ts';
import { printed } from '../../expression/print-value.ts';
import { groupsLayer, inventoryLayer } from '../../inventory/names.ts';
import { selectHosts } from '../../inventory/pattern.ts';
import { gathers } from '../../plan/facts.ts';
import type { PlanNode, PlanPlay, PlanTask } from '../../plan/plan.ts';
import { readsOthers } from '../../plan/task.ts';
import { tasksOf } from '../../plan/walk.ts';
import { valueLayer } from '../../variables/layer.ts';
import { lazyMap, scopeMap } from '../../variables/lazy-map.ts';
import { createScope } from '../../variables/scope.ts';
import type { LoadedRun } from '../load-run.ts';
import type { Listed, RunOptions, RunTask } from '../run-options.ts';

/** What `hapb plan`, `--list-hosts`, `--list-tasks`, `--list-tags` and `--syntax-check` print. Nothing is connected to. */
export function showPlan(task: Exclude<RunTask, 'run'>, loaded: LoadedRun, options: RunOptions): string {
  const { plays } = loaded.plan;
  return options.playbooks
    .map((playbook, index) => {
      const own = plays.slice(loaded.starts[index], loaded.starts[index + 1]);
      return `\nplaybook: ${playbook}\n${showPlays(task, own, { loaded, options })}`;
    })
    .join('');
}

function showPlays(
  task: Exclude<RunTask, 'run'>,
  plays: readonly PlanPlay[],
  { loaded, options }: { readonly loaded: LoadedRun; readonly options: RunOptions },
): string {
  const texts = plays.map((play, index) => {
    const patterns = patternsOf(play, loaded);
    const tags = `TAGS: [${[...play.tags].sort().join(',')}]`;
    const head = `  play #${index + 1} (${patterns.join(',')}): ${play.name}\t${tags}`;
    switch (task) {
      case 'syntax-check':
        return '';
      case 'list':
        return [head, ...options.lists.flatMap((what) => listLines(what, play, loaded))].join('\n');
      case 'plan':
        return [
          `${play.name} (${play.strategy})`,
          ...hostLines(play, loaded),
          ...treeLines(play.body, 1),
          ...handlerLines(play),
        ].join('\n');
    }
  });
  return texts
    .filter((text) => text !== '')
    .map((text) => `\n${text}\n`)
    .join('');
}

function listLines(what: Listed, play: PlanPlay, loaded: LoadedRun): readonly string[] {
  switch (what) {
    case 'hosts':
      return hostLines(play, loaded);
    case 'tasks':
      return ['    tasks:', ...taskLines(play)];
    case 'tags':
      return [`      TASK TAGS: [${tagsOf(play).join(', ')}]`];
  }
}

function patternsOf(play: PlanPlay, { extraVars, inventory }: LoadedRun): readonly string[] {
  const hostvars = lazyMap({
    names: () => [...inventory.hosts.keys()],
    find: (name) => {
      const host = inventory.hosts.get(name);
      if (host === undefined) return undefined;
      const layers = [...host.layers, extraVars, inventoryLayer(inventory, host)];
      return scopeMap(() => createScope(layers), 'hostvars');
    },
  });
  const names = valueLayer('magic', 'hapb', { hostvars, playbook_dir: play.folder });
  const value = play.hosts.render(createScope([...play.layers, extraVars, names, groupsLayer(inventory)]));
  return (isList(value) ? value : [value]).map(String);
}

function hostLines(play: PlanPlay, loaded: LoadedRun): readonly string[] {
  const patterns = patternsOf(play, loaded);
  const selected = selectHosts(patterns, loaded.inventory, play.hosts.span);
  if (!selected.ok) {
    const [first] = selected.diagnostics;
    throw new Failure(
      { code: first?.code ?? 'HAPB7060', message: first?.message ?? 'no hosts', hint: first?.hint ?? '' },
      play.hosts.span,
    );
  }
  return [
    `    pattern: ${printed(patterns)}`,
    `    hosts (${selected.value.length}):`,
    ...selected.value.map((host) => `      ${host.name}`),
  ];
}

function taskLines(play: PlanPlay): readonly string[] {
  return ownTasks(play).map(
    (task) => `      ${listed(task)}\tTAGS: [${[...task.inherited.tags].sort().join(', ')}]`,
  );
}

/** As Ansible lists them: without the task by which the play gathers facts, and those of rescue and always parts. */
function ownTasks(play: PlanPlay): readonly PlanTask[] {
  const listedBelow = (nodes: readonly PlanNode[]): readonly PlanTask[] =>
    nodes.flatMap((node) =>
      node.kind === 'block' || node.kind === 'role' ? listedBelow(node.body) : tasksOf([node]),
    );
  return listedBelow(play.body.filter((node) => !gathers(play, node)));
}

/** As Ansible lists it: by its action alone when it has no name. */
function listed({ name, title, inherited: { role } }: PlanTask): string {
  if (name !== null) return title;
  const action =
    role !== null && title.startsWith(`${role.name} : `) ? title.slice(role.name.length + 3) : title;
  return action.replace(/ : .*/, '');
}

function tagsOf(play: PlanPlay): readonly string[] {
  return [...new Set([...play.tags, ...ownTasks(play).flatMap((task) => task.inherited.tags)])].sort();
}

function treeLines(nodes: readonly PlanNode[], depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  return nodes.flatMap((node): readonly string[] => {
    switch (node.kind) {
      case 'task':
        return [`${indent}- ${node.title} [${node.action}]${traits(node)}`, ...grownLines(node, depth + 1)];
      case 'role':
        return treeLines(node.body, depth);
      case 'barrier':
        return [`${indent}═══ ${node.title} ═══`];
      case 'flush':
        return [];
      case 'block':
        return [
          `${indent}- block`,
          ...treeLines(node.body, depth + 1),
          ...(node.rescue.length === 0 ? [] : [`${indent}  rescue`, ...treeLines(node.rescue, depth + 1)]),
          ...(node.always.length === 0 ? [] : [`${indent}  always`, ...treeLines(node.always, depth + 1)]),
        ];
    }
  });
}

/** What an include is known to bring; the same file may be brought many times, but is shown in full each time. */
function grownLines({ growth }: PlanTask, depth: number): readonly string[] {
  if (growth === null) return [];
  const { known } = growth;
  return known === null
    ? [`${'  '.repeat(depth)}… known when a host comes to it`]
    : treeLines(known.body, depth);
}

function traits(node: PlanNode & { readonly kind: 'task' }): string {
  const words = [
    ...(node.inherited.nearest.run_once === undefined ? [] : ['once']),
    ...(node.inherited.nearest.throttle === undefined ? [] : ['throttled']),
    ...(node.loop === null ? [] : ['loop']),
    ...(readsOthers(node) ? ['waits for all hosts'] : []),
    ...(node.inherited.when.length === 0
      ? []
      : [`when ${node.inherited.when.map((condition) => condition.text).join(' and ')}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function handlerLines(play: PlanPlay): readonly string[] {
  return play.handlers.length === 0
    ? []
    : ['  handlers', ...play.handlers.map((handler) => `    - ${handler.title} [${handler.action}]`)];
}
