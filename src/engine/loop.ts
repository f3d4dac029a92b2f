import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, typeName, type Value, whole } from '../core/value.ts';
import { withoutOmitted } from '../expression/without-omitted.ts';
import { selectHosts } from '../inventory/pattern.ts';
import type { PlanTask } from '../plan/plan.ts';
import { flag } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { namesOfItem } from '../variables/loops/item.ts';
import type { Run } from './run.ts';

/** What finding the items of a loop needs. */
export interface LoopTask {
  readonly run: Run;
  readonly task: PlanTask;
  readonly scope: () => Scope;
  readonly folders: readonly string[];
}

/** The items of a task's loop; `null`: it has none. @throws Failure */
export function loopItems({ run, task, scope, folders }: LoopTask): readonly Value[] | Unknown | null {
  if (task.loop === null) return null;
  const { template, form } = task.loop;
  const names = scope();
  const value = withoutOmitted(whole(template.render(names)));
  if (value instanceof Unknown) return value;
  if (form === null) {
    if (isList(value)) return value;
    throw new Failure(notAList(value), template.span);
  }
  const terms = isList(value) ? value : [value];
  const unknown = terms.find((term) => term instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  const hosts = (pattern: string): readonly string[] => {
    const selected = selectHosts([pattern], run.inventory, template.span);
    return selected.ok ? selected.value.map((host) => host.name) : [];
  };
  try {
    return form(terms, { folders, kind: folderOf(task), hosts, files: names.files });
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.span === null) throw new Failure(thrown.problem, template.span);
    throw thrown;
  }
}

function notAList(value: Value) {
  return {
    code: 'HAPB7044',
    message: `"loop" needs a list, but is a ${typeName(value)}`,
    hint: isMap(value)
      ? 'Use with_dict, or "{{ … | dict2items }}", to loop over a map.'
      : 'Put the value into a list: "[ … ]".',
  } as const;
}

/** Where Ansible looks for the files of a module first. */
function folderOf(task: PlanTask): string {
  return ['template', 'var'].find((kind) => task.module.name.includes(kind))?.concat('s') ?? 'files';
}

/** The names that one item brings, which are also kept in its result. */
export function itemNames(
  { loopControl }: PlanTask,
  items: readonly Value[],
  { index, scope }: { readonly index: number; readonly scope: Scope },
): Readonly<Record<string, Value>> {
  const { loopVar, indexVar, extended, extendedAllItems } = loopControl;
  return namesOfItem(items, index, {
    loopVar,
    indexVar,
    extended: flag(extended, scope, false) ? 'yes' : 'no',
    allItems: flag(extendedAllItems, scope, true) ? 'yes' : 'no',
  });
}

const warned = new WeakMap<Run, Set<PlanTask>>();

/** Says once a task that its loop variable hides another one. */
export function warnOfShadow({ run, task }: LoopTask, scope: Scope): void {
  const { loopVar } = task.loopControl;
  if (scope.lookup(loopVar) === undefined) return;
  const told = warned.get(run) ?? new Set();
  warned.set(run, told);
  if (told.has(task)) return;
  told.add(task);
  run.emit({
    type: 'diagnostic',
    diagnostic: {
      code: 'HAPB7070',
      severity: 'warning',
      message: `the loop variable "${loopVar}" hides a variable of that name`,
      span: task.loop?.template.span ?? task.span,
      hint: 'Give this loop another name with "loop_control: {loop_var: NAME}".',
    },
  });
}
