import { entryOf, type MapNode } from '../document/node.ts';
import type { Keywords, TaskAst } from '../playbook/ast.ts';
import { compileTitle } from '../template/compile-title.ts';
import type { Expression } from '../template/template.ts';
import { buildArgs } from './arguments.ts';
import {
  type Compiler,
  conditions,
  expression,
  fixedNames,
  fixedText,
  isText,
  template,
} from './compiler.ts';
import { inherit } from './inherit.ts';
import { buildLoop, buildLoopControl } from './loop.ts';
import type { Inherited, PlanTask } from './plan.ts';
import { templatesOf, withVariables } from './walk.ts';

/** Names through which a task sees other hosts; in a free play it then waits for them. */
const othersNames: ReadonlySet<string> = new Set([
  'hostvars',
  'play_hosts',
  'ansible_play_hosts',
  'ansible_play_batch',
  'ansible_play_hosts_all',
]);

/** A task's place in the tree. `level`: whether its vars are those of a task or of an include. */
export interface TaskSite {
  readonly parent: Inherited;
  readonly id: string;
  readonly order: number;
  readonly level: 'task' | 'include';
}

/** Compiles one task below `parent`; `null` when its module is unknown. */
export function buildTask(
  compiler: Compiler,
  ast: TaskAst,
  { parent, id, order, level }: TaskSite,
): PlanTask | null {
  const module = compiler.findModule(ast.action.name);
  if (module === undefined) return checkKeywords(compiler, ast.keywords, parent);
  const { keywords } = ast;
  const inherited = withVerbosity(
    compiler,
    inherit(compiler, parent, { keywords, level }),
    module.name === 'debug' ? ast.action.args : null,
  );
  const args = buildArgs(compiler, ast.action, { module, defaults: inherited.moduleDefaults });
  const until = conditions(compiler, keywords.get('until'));
  const orNull = (name: string): readonly Expression[] | null =>
    keywords.has(name) ? conditions(compiler, keywords.get(name)) : null;
  const written = keywords.get('name')?.value;
  const named = written?.kind === 'scalar' && written.value !== null ? written : null;
  const name = named === null ? null : String(named.value);
  const label = name ?? ast.action.written;
  const task: PlanTask = {
    kind: 'task',
    id,
    order,
    span: ast.span,
    file: ast.file,
    name,
    title: inherited.role === null ? label : `${inherited.role.name} : ${label}`,
    naming: named === null ? null : compileTitle(named),
    module,
    action: ast.action.written,
    args,
    inherited,
    register: fixedText(compiler, keywords.get('register')?.value, 'register'),
    loop: buildLoop(compiler, keywords),
    loopControl: buildLoopControl(compiler, keywords.get('loop_control')),
    until,
    retries: template(compiler, keywords.get('retries')),
    delay: template(compiler, keywords.get('delay')),
    async: template(compiler, keywords.get('async')),
    poll: template(compiler, keywords.get('poll')),
    changedWhen: orNull('changed_when'),
    failedWhen: orNull('failed_when'),
    listen: fixedNames(compiler, keywords.get('listen')),
    readsOthers: 'no',
    growth: null,
    meta: null,
  };
  return readsOthers(task) ? { ...task, readsOthers: 'yes' } : task;
}

/** Looks for problems in the keywords of a task that names no module. */
function checkKeywords(compiler: Compiler, keywords: Keywords, parent: Inherited): null {
  inherit(compiler, parent, { keywords, level: 'task' });
  for (const name of ['until', 'changed_when', 'failed_when']) conditions(compiler, keywords.get(name));
  buildLoop(compiler, keywords);
  const control = buildLoopControl(compiler, keywords.get('loop_control'));
  const register = keywords.get('register')?.value;
  if (isText(register)) compiler.lostNames.push(register.value);
  compiler.lostNames.push(control.loopVar, ...(control.indexVar === null ? [] : [control.indexVar]));
  return null;
}

/** `debug` with `verbosity` is skipped below it: as if a condition said so, for a module never sees the run's flags. */
function withVerbosity(compiler: Compiler, inherited: Inherited, args: MapNode | null): Inherited {
  const entry = args === null ? undefined : entryOf(args, 'verbosity');
  if (entry?.value.kind !== 'scalar' || !/^[1-9]\d*$/.test(String(entry.value.value))) return inherited;
  const { span, value } = entry.value;
  const condition = expression(
    compiler,
    { ...entry.value, value: `ansible_verbosity >= ${String(value)}`, spanOf: () => span },
    'verbosity',
  );
  return condition === null ? inherited : { ...inherited, when: [...inherited.when, condition] };
}

/** Whether any template of the task mentions a variable through which it sees other hosts. */
function readsOthers(task: PlanTask): boolean {
  return [...withVariables(templatesOf(task), task.inherited.layers)].some((template) =>
    template.references.some((reference) => othersNames.has(reference.name)),
  );
}
