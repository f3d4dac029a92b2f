import { type Diagnostic, error } from '../core/diagnostic.ts';
import { suggest } from '../document/suggest.ts';
import { insteadOfName } from '../expression/undefined.ts';
import type { Template } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import type { Grown, Plan, PlanNode, PlanTask } from './plan.ts';
import { exportedLayers } from './role-variables.ts';
import { tasksOfPlan, templatesOf, withVariables } from './walk.ts';

/**
 * Variables that nothing can define, found before anything connects (HAPB2030). `known`: names from inventory, command
 * line and hapb itself. A name that some task of the plan registers, sets or loops with counts as defined everywhere:
 * whether it is so in time only the run can tell. So does one whose absence is allowed for at some place (`default`,
 * `is defined`). Facts (`ansible_…`) are never complained about, and nothing is where an include of the run may set names.
 */
export function findUndefined(plan: Plan, known: ReadonlySet<string>): readonly Diagnostic[] {
  const own = namesSetBy(plan);
  if (own === null) return [];
  const names = new Set([...known, ...own]);
  const facts = ['ansible_*', ...tasksOfPlan(plan).flatMap(({ module }) => module.facts ?? [])];
  const layers = layersOf(plan, tasksOfPlan(plan));
  const written = plan.plays.flatMap((play) => [
    play.hosts,
    ...decisive([...play.body, ...play.handlers]).flatMap(expectantOf),
  ]);
  // What nobody uses may be wrong.
  const used = [...withVariables(written, layers, 'sure')].flatMap(({ references }) => references);
  const perhaps = [...withVariables(written, layers, 'any')].flatMap(({ references }) => references);
  const optional = new Set(perhaps.filter(({ guarded }) => guarded).map(({ name }) => name));
  const found = new Map<string, Diagnostic>();
  const near = new Map<string, string | null>();
  for (const { name, span } of used) {
    if (optional.has(name) || names.has(name) || facts.some((fact) => fits(fact, name))) continue;
    const key = `${span.file}:${span.start.offset}`;
    if (found.has(key)) continue;
    if (!near.has(name)) near.set(name, suggest(name, names));
    found.set(
      key,
      error({
        code: 'HAPB2030',
        message: `"${name}" is not defined anywhere`,
        span,
        hint: insteadOfName(name) ?? hintFor(name, near.get(name) ?? null),
      }),
    );
  }
  return [...found.values()];
}

function fits(fact: string, name: string): boolean {
  return fact.endsWith('*') ? name.startsWith(fact.slice(0, -1)) : name === fact;
}

/** Every name that something in the plan may set; `null`: only the run can tell. */
export function namesSetBy(plan: Plan): ReadonlySet<string> | null {
  const tasks = tasksOfPlan(plan);
  if (tasks.some(setsWhatItLikes) || plan.plays.some(({ lateVars }) => lateVars !== null)) return null;
  return new Set([
    ...plan.lostNames,
    ...ownNames(tasks),
    ...plan.plays.flatMap(({ prompts }) => prompts.map(({ name }) => name)),
    ...layersOf(plan, tasks).flatMap((layer) => [...layer.entries.keys()]),
  ]);
}

/** Whether only the run can tell which names a task brings. */
function setsWhatItLikes({ growth, module, args }: PlanTask): boolean {
  if (growth !== null && growth.known === null) return true;
  return module.args.additionalProperties && args.wholes.length > 0;
}

function hintFor(name: string, near: string | null): string {
  if (near !== null) return `Did you mean "${near}"?`;
  return `Set it in the inventory, under vars, or with -e ${name}=…; or allow for its absence: "${name} | default(…)".`;
}

function layersOf(plan: Plan, tasks: readonly PlanTask[]): readonly Layer[] {
  const ofPlays = plan.plays.flatMap((play) => [...play.layers, ...exportedLayers(play.roles)]);
  const ofTasks = tasks.flatMap(({ inherited, growth }) => [
    ...inherited.layers,
    ...(growth === null || growth.params === null ? [] : [growth.params]),
    ...(growth?.known === undefined || growth.known === null ? [] : [readBy(growth.known)]),
    ...(growth?.known === undefined || growth.known === null ? [] : exportedLayers(growth.known.roles)),
  ]);
  // Uses of a role have its entries in common.
  return [...new Map([...ofPlays, ...ofTasks].map((layer) => [layer.entries, layer])).values()];
}

function readBy({ label, variables }: Grown): Layer {
  return { level: 'include_vars', source: label, entries: variables };
}

function ownNames(tasks: readonly PlanTask[]): readonly string[] {
  return tasks.flatMap((task) => [
    ...(task.register === null ? [] : [task.register]),
    ...(task.loop === null ? [] : [task.loopControl.loopVar]),
    ...(task.loopControl.indexVar === null ? [] : [task.loopControl.indexVar]),
    // Names of its author's choice: set_fact, add_host.
    ...(task.module.args.additionalProperties ? task.args.values.keys() : []),
  ]);
}

/** What of a task must be defined: `debug: var=x` tells that x is undefined instead of failing. */
function expectantOf(task: PlanTask): readonly Template[] {
  const telling = new Set<Template>(
    [...task.args.values.values()].flatMap((arg) =>
      arg.kind === 'expressions' && arg.form === 'one' ? arg.expressions : [],
    ),
  );
  return templatesOf(task).filter((template) => !telling.has(template));
}

/** Tasks whose failure is neither ignored nor rescued: for the others an undefined name is a way to fail. */
function decisive(nodes: readonly PlanNode[]): readonly PlanTask[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'task':
        return [
          ...(node.inherited.nearest.ignore_errors === undefined ? [node] : []),
          ...decisive(node.growth?.known?.body ?? []),
        ];
      case 'block':
        return [
          ...(node.rescue.length === 0 ? decisive(node.body) : []),
          ...decisive(node.rescue),
          ...decisive(node.always),
        ];
      case 'role':
        return decisive(node.body);
      case 'barrier':
      case 'flush':
        return [];
    }
  });
}
