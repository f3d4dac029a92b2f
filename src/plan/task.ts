import { entryOf, type MapNode } from '../document/node.ts';
import type { AnyModule } from '../modules/module.ts';
import type { Keywords, TaskAst } from '../playbook/ast.ts';
import {
  conditions,
  expression,
  fixedNames,
  fixedText,
  isText,
  template,
} from '../playbook/compile-keyword.ts';
import { remembering } from '../playbook/made-once.ts';
import { compileTitle } from '../template/compile-title.ts';
import type { Expression } from '../template/template.ts';
import { buildArgs } from './arguments.ts';
import type { Compiler } from './compiler.ts';
import { inherit } from './inherit.ts';
import { buildLoop, buildLoopControl } from './loop.ts';
import type { Inherited, ModuleDefaults, PlanTask } from './plan.ts';
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
  const outer = inherit(compiler, parent, { keywords, level });
  const defaults = outer.moduleDefaults;
  const read = () => readOwn(compiler, ast, { module, defaults });
  // What module_defaults say of the module is not the task's own.
  const { task, loud } = defaults.has(module.name) ? read() : ownParts(compiler, ast, read);
  // A plan has thousands of tasks: V8 makes one of so many parts ten times faster than by spreading what it has in common.
  return {
    id,
    order,
    title: outer.role === null ? task.title : `${outer.role.name} : ${task.title}`,
    inherited: loud === null ? outer : { ...outer, when: [...outer.when, loud] },
    kind: task.kind,
    span: task.span,
    file: task.file,
    module: task.module,
    action: task.action,
    name: task.name,
    naming: task.naming,
    args: task.args,
    register: task.register,
    loop: task.loop,
    loopControl: task.loopControl,
    until: task.until,
    retries: task.retries,
    delay: task.delay,
    async: task.async,
    poll: task.poll,
    changedWhen: task.changedWhen,
    failedWhen: task.failedWhen,
    listen: task.listen,
    growth: task.growth,
    meta: task.meta,
  };
}

interface OwnParts {
  /** What a task itself says, wherever it stands. */
  readonly task: Omit<PlanTask, 'id' | 'order' | 'inherited'>;
  /** The condition that `debug` means with `verbosity`. */
  readonly loud: Expression | null;
}

const ownParts = remembering<TaskAst, OwnParts>();

function readOwn(
  compiler: Compiler,
  { action, keywords, span, file }: TaskAst,
  { module, defaults }: { readonly module: AnyModule; readonly defaults: ModuleDefaults },
): OwnParts {
  const args = buildArgs(compiler, action, { module, defaults });
  const loud = module.name === 'debug' ? verbosityOf(compiler, args.node) : null;
  const until = conditions(compiler, keywords.get('until'));
  const orNull = (name: string): readonly Expression[] | null =>
    keywords.has(name) ? conditions(compiler, keywords.get(name)) : null;
  const written = keywords.get('name')?.value;
  const named = written?.kind === 'scalar' && written.value !== null ? written : null;
  const name = named === null ? null : String(named.value);
  const task: OwnParts['task'] = {
    kind: 'task',
    span,
    file,
    module,
    action: action.written,
    name,
    title: name ?? action.written,
    naming: named === null ? null : compileTitle(named),
    args,
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
    growth: null,
    meta: null,
  };
  return { task, loud };
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
function verbosityOf(compiler: Compiler, args: MapNode): Expression | null {
  const value = entryOf(args, 'verbosity')?.value;
  if (value?.kind !== 'scalar') return null;
  const [, digits, worked] =
    /^(?:([1-9]\d*)|\{\{((?:(?!\{\{|\}\}).)*)\}\})$/s.exec(String(value.value)) ?? [];
  const least = digits ?? (worked === undefined ? null : `(${worked}) | int`);
  if (least === null) return null;
  const condition = { ...value, value: `(ansible_verbosity >= ${least})`, spanOf: () => value.span };
  return expression(compiler, condition, 'verbosity');
}

const knownReaders = new WeakMap<PlanTask, boolean>();

/**
 * Whether the host must wait for the others even in a free play, since it reads what they set: any template of the task
 * mentions a variable through which it sees other hosts.
 */
export function readsOthers(task: PlanTask): boolean {
  const known = knownReaders.get(task);
  if (known !== undefined) return known;
  const reads = [...withVariables(templatesOf(task), task.inherited.layers)].some((template) =>
    template.references.some((reference) => othersNames.has(reference.name)),
  );
  knownReaders.set(task, reads);
  return reads;
}

/**
 * What may be asked before this task's time: `no-further`: nothing that is meant for it or after it, since it waits, repeats, or
 * brings tasks; `guard`: what decides whether a command runs, and nothing behind that; `all`.
 */
export function earlyReading({ module, until, growth, meta }: PlanTask): 'all' | 'guard' | 'no-further' {
  if (until.length > 0 || growth !== null || meta !== null) return 'no-further';
  if (module.traits?.includes('reads-everything') !== true) return 'all';
  return module.alone === undefined ? 'no-further' : 'guard';
}
