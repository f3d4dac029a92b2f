import { join } from 'node:path';
import { readSource } from '../document/read-file.ts';
import { compileText, constantTemplate } from '../template/compile-text.ts';
import type { Reference, Template } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import type { Plan, PlanNode, PlanPlay, PlanTask } from './plan.ts';
import { exportedLayers } from './role-variables.ts';
import { tasksOfPlan, templatesOf } from './walk.ts';

/** What is known of a run besides its plan. */
export interface FactNeeds {
  /** Layers of the inventory's hosts, whose templates may mention facts. */
  readonly layers: readonly Layer[];
  /** Whether a name that begins with `ansible_` may be that of a fact. */
  readonly mayBeFact: (name: string) => boolean;
}

/**
 * The plan whose plays gather only facts that something in it mentions: names `ansible_X`, `ansible_facts.X`,
 * `hostvars[…].ansible_X`, `vars.ansible_X`, in any play, since facts stay. Everything where such a map is used as a
 * whole or by a name that is worked out, and where text comes that cannot be read yet: a template or an include whose
 * file is not fixed, `include_vars`, a new reading of the inventory.
 */
export function gatherOnlyNeeded(plan: Plan, needs: FactNeeds): Plan {
  const names = mentionedFacts(plan, needs);
  if (names === null) return plan;
  const filter = [...names, 'gather_subset', 'module_setup'].sort();
  const plays = plan.plays.map((play) => ({
    ...play,
    body: play.body.map((node) => (gathers(play, node) ? withFilter(node, filter) : node)),
  }));
  return { ...plan, plays };
}

/** The task by which a play gathers facts without being told to; it stands where the play does. */
export function gathers(play: PlanPlay, node: PlanNode): node is PlanTask {
  return node.kind === 'task' && node.module.name === 'facts' && node.span === play.span;
}

function withFilter(task: PlanTask, filter: readonly string[]): PlanTask {
  const values = new Map(task.args.values);
  if (!values.has('filter'))
    values.set('filter', { kind: 'template', template: constantTemplate(task.span, filter) });
  return { ...task, args: { ...task.args, values } };
}

/** Names of facts without `ansible_`; `null`: any may be needed. */
function mentionedFacts(plan: Plan, { layers, mayBeFact }: FactNeeds): ReadonlySet<string> | null {
  const tasks = tasksOfPlan(plan);
  if (tasks.some(bringsUnreadText) || plan.plays.some(({ lateVars }) => lateVars !== null)) return null;
  const files = tasks.filter((task) => task.module.name === 'template').map((task) => fileOf(plan, task));
  const templates = [...ownTemplates(plan, tasks), ...layerTemplates(layers)];
  const needed = new Set<string>();
  for (const template of [...templates, ...files]) {
    if (template === null) return null;
    for (const reference of template.references) {
      const names = factsOf(reference, mayBeFact);
      if (names === null) return null;
      for (const name of names) needed.add(name.replace(/^ansible_/, ''));
    }
  }
  return needed;
}

function bringsUnreadText({ module, growth, meta }: PlanTask): boolean {
  if (growth !== null) return growth.known === null;
  return module.name === 'include_vars' || meta === 'refresh_inventory';
}

function ownTemplates(plan: Plan, tasks: readonly PlanTask[]): readonly Pick<Template, 'references'>[] {
  const ofPlays = plan.plays.flatMap((play) => [
    play.hosts,
    ...play.titles,
    ...[play.serial, play.maxFailPercentage, play.forceHandlers].filter((each) => each !== null),
    ...layerTemplates([...play.layers, ...exportedLayers(play.roles)]),
  ]);
  const ofTasks = tasks.flatMap((task) => {
    const { inherited, growth } = task;
    const layers = [
      inherited.connection,
      ...inherited.layers,
      ...(inherited.role?.layers ?? []),
      ...(growth?.params == null ? [] : [growth.params]),
      ...(growth?.known == null ? [] : exportedLayers(growth.known.roles)),
    ];
    return [...templatesOf(task), ...(task.naming === null ? [] : [task.naming]), ...layerTemplates(layers)];
  });
  return [...new Set([...ofPlays, ...ofTasks])];
}

function layerTemplates(layers: readonly Layer[]): readonly Template[] {
  return layers.flatMap(({ entries }) =>
    [...entries.values()].flatMap((entry) => (entry.kind === 'template' ? [entry.template] : [])),
  );
}

/** The file that a template task renders; `null`: that cannot be said before the run. */
function fileOf(plan: Plan, task: PlanTask): Template | null {
  const src = task.args.values.get('src');
  if (src?.kind !== 'template' || !src.template.constant) return null;
  const name = src.template.render({ lookup: () => undefined, names: () => [] });
  if (typeof name !== 'string') return null;
  const folders = [
    ...(task.inherited.role?.folders ?? []),
    task.file.replace(/\/?[^/]*$/, '') || '.',
    ...plan.plays.map((play) => play.folder),
  ];
  const paths = name.startsWith('/')
    ? [name]
    : folders.flatMap((folder) => [join(folder, 'templates', name), join(folder, name)]);
  for (const path of paths) {
    const text = readSource(path);
    if (!text.ok) continue;
    const compiled = compileText(text.value, path);
    return compiled.ok ? compiled.value : null;
  }
  return null;
}

/** Facts that a reference leads to, perhaps with `ansible_`; `null`: any. */
function factsOf({ name, paths }: Reference, mayBeFact: FactNeeds['mayBeFact']): readonly string[] | null {
  if (name === 'ansible_facts') return allOrNone(paths.map(([key]) => key));
  if (name === 'vars') return throughVariables(paths, mayBeFact);
  if (name === 'hostvars') {
    const behindHost = paths.filter((path) => path.length !== 1).map((path) => path.slice(1));
    // The variables of a host as a whole hold its facts.
    return behindHost.length < paths.length ? null : throughVariables(behindHost, mayBeFact);
  }
  return name.startsWith('ansible_') && mayBeFact(name) ? [name] : [];
}

function throughVariables(
  paths: Reference['paths'],
  mayBeFact: FactNeeds['mayBeFact'],
): readonly string[] | null {
  return allOrNone(
    paths.flatMap(([key, next]): readonly (string | null | undefined)[] => {
      if (key === 'ansible_facts') return [next];
      if (typeof key !== 'string') return [key];
      return key.startsWith('ansible_') && mayBeFact(key) ? [key] : [];
    }),
  );
}

function allOrNone(keys: readonly (string | null | undefined)[]): readonly string[] | null {
  const names = keys.filter((key) => typeof key === 'string');
  return names.length === keys.length ? names : null;
}
