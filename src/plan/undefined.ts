import { type Diagnostic, error } from '../core/diagnostic.ts';
import { suggest } from '../document/suggest.ts';
import { insteadOfName } from '../expression/undefined.ts';
import type { Template } from '../template/template.ts';
import type { Plan, PlanNode, PlanTask } from './plan.ts';
import { exportedLayers } from './role-variables.ts';
import { layerTemplates, tasksOfPlan, templatesOf } from './walk.ts';

/**
 * Variables that nothing can define, found before anything connects (HAPB2030). `known`: names from inventory, command
 * line and hapb itself. A name that some task of the plan registers, sets or loops with counts as defined everywhere:
 * whether it is so in time only the run can tell. Facts (`ansible_…`) are never complained about.
 */
export function findUndefined(plan: Plan, known: ReadonlySet<string>): readonly Diagnostic[] {
  const names = new Set([...known, ...ownNames(plan)]);
  const found = new Map<string, Diagnostic>();
  for (const { template, guards } of expectations(plan)) {
    for (const { name, span, guarded } of template.references) {
      if (guarded || guards.has(name) || names.has(name) || name.startsWith('ansible_')) continue;
      const key = `${span.file}:${span.start.offset}`;
      if (found.has(key)) continue;
      const near = suggest(name, names);
      found.set(
        key,
        error({
          code: 'HAPB2030',
          message: `"${name}" is not defined anywhere`,
          span,
          hint: insteadOfName(name) ?? hintFor(name, near),
        }),
      );
    }
  }
  return [...found.values()];
}

function hintFor(name: string, near: string | null): string {
  if (near !== null) return `Did you mean "${near}"?`;
  return `Set it in the inventory, under vars, or with -e ${name}=…; or allow for its absence: "${name} | default(…)".`;
}

function ownNames(plan: Plan): readonly string[] {
  const names: string[] = [];
  for (const play of plan.plays) {
    for (const layer of [...play.layers, ...exportedLayers(play.roles)]) names.push(...layer.entries.keys());
  }
  for (const task of tasksOfPlan(plan)) {
    if (task.register !== null) names.push(task.register);
    if (task.loop !== null) names.push(task.loopControl.loopVar);
    if (task.loopControl.indexVar !== null) names.push(task.loopControl.indexVar);
    if (task.module.name === 'set_fact') names.push(...task.args.values.keys());
    for (const layer of task.inherited.layers) names.push(...layer.entries.keys());
  }
  return names;
}

/** A template, and names of which a condition around it asks whether they are defined. */
interface Expectation {
  readonly template: Template;
  readonly guards: ReadonlySet<string>;
}

const unguarded: ReadonlySet<string> = new Set();

function expectations(plan: Plan): readonly Expectation[] {
  return plan.plays.flatMap((play) => [
    ...[play.hosts, ...layerTemplates(play.layers)].map((template) => ({ template, guards: unguarded })),
    ...[...decisive(play.body), ...play.handlers].flatMap((task) => {
      const guards = new Set(
        task.inherited.when.flatMap(({ references }) =>
          references.filter(({ guarded }) => guarded).map(({ name }) => name),
        ),
      );
      // `debug: var=x` tells that x is undefined instead of failing.
      const telling = new Set<Template>(
        [...task.args.values.values()].flatMap((arg) =>
          arg.kind === 'expressions' && arg.form === 'one' ? arg.expressions : [],
        ),
      );
      const templates = [...templatesOf(task), ...layerTemplates(task.inherited.layers)].filter(
        (template) => !telling.has(template),
      );
      return templates.map((template) => ({ template, guards }));
    }),
  ]);
}

/** Tasks whose failure is neither ignored nor rescued: for the others an undefined name is a way to fail. */
function decisive(nodes: readonly PlanNode[]): readonly PlanTask[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'task':
        return node.inherited.nearest.ignore_errors === undefined ? [node] : [];
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
