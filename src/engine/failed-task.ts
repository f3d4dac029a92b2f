import { Failure } from '../core/failure.ts';
import { omit } from '../core/omit.ts';
import type { Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';
import { nearestKeywords } from '../playbook/keywords.ts';
import type { Expression, Scope, Template } from '../template/template.ts';
import { namesOf } from './names.ts';

/** `ansible_failed_task`: a task as it is written, with the variables in it filled in; `null` for what it does not say. */
export function failedTask(task: PlanTask, scope: Scope): Value {
  const { inherited, loop, loopControl } = task;
  const value = (template: Template | null | undefined): Value => valueIn(template, scope);
  const vars = inherited.layers.find(({ level }) => level === 'task vars')?.entries.keys() ?? [];
  return {
    ...Object.fromEntries(nearestKeywords.map((keyword) => [keyword, value(inherited.nearest[keyword])])),
    name: namesOf(task, () => scope).name ?? '',
    action: task.action,
    args: argumentsOf(task, scope),
    vars: Object.fromEntries([...vars].map((name) => [name, found(() => scope.lookup(name))])),
    when: textsOf(inherited.when),
    until: textsOf(task.until),
    changed_when: textsOf(task.changedWhen ?? []),
    failed_when: textsOf(task.failedWhen ?? []),
    tags: inherited.tags,
    notify: inherited.notify.map(value),
    environment: inherited.environment.map(value),
    register: task.register,
    loop: value(loop?.template),
    loop_with: loop === null || loop.form === null ? null : loop.keyword.replace(/^with_/, ''),
    loop_control: { loop_var: loopControl.loopVar, index_var: loopControl.indexVar },
    retries: value(task.retries),
    delay: value(task.delay),
    async: value(task.async),
    poll: value(task.poll),
  };
}

function argumentsOf({ module, args }: PlanTask, scope: Scope): Value {
  const entries = [...args.values].map(([name, arg]): [string, Value] => [
    name === module.freeForm ? '_raw_params' : name,
    arg.kind === 'template' ? valueIn(arg.template, scope) : textsOf(arg.expressions),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== omit));
}

function textsOf(conditions: readonly Expression[]): Value {
  return conditions.map(({ constant, text }) =>
    constant && /^(?:true|false)$/i.test(text) ? /^t/i.test(text) : text,
  );
}

function valueIn(template: Template | null | undefined, scope: Scope): Value {
  return template === null || template === undefined ? null : found(() => template.render(scope));
}

/** What failed may be the very value that is asked for. */
function found(get: () => Value | undefined): Value {
  try {
    return get() ?? null;
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}
