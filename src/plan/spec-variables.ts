import { isMap, type Value } from '../core/value.ts';
import type { Template } from '../template/template.ts';
import type { PlanTask } from './plan.ts';

/** Gives `validate_argument_spec` the variables that its specification names; what the task provides wins. */
export function withVariablesOfSpec(task: PlanTask): PlanTask {
  const spec = task.args.values.get('argument_spec');
  const given = task.args.values.get('provided_arguments');
  if (spec?.kind !== 'template' || given?.kind === 'expressions') return task;
  const template: Template = {
    span: task.span,
    references: given?.template.references ?? [],
    constant: false,
    render: (scope) => {
      const provided = given?.template.render(scope) ?? {};
      const wanted = spec.template.render(scope);
      if (!isMap(wanted) || !isMap(provided)) return provided;
      const found: Record<string, Value> = {};
      for (const name of Object.keys(wanted)) {
        const value = provided[name] ?? scope.lookup(name);
        if (value !== undefined) found[name] = value;
      }
      return { ...found, ...provided };
    },
  };
  const values = new Map([
    ...task.args.values,
    ['provided_arguments', { kind: 'template', template }] as const,
  ]);
  return { ...task, args: { ...task.args, values } };
}
