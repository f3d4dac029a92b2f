import { formatPlace } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import { isMap, type Value } from '../core/value.ts';
import type { ArgTemplate } from '../modules/call.ts';
import { wholeArguments } from '../modules/render-arguments.ts';
import type { Grown, PlanTask } from '../plan/plan.ts';
import { flag, judge, renderedOr, toldOr } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { openUp } from '../variables/host-variables.ts';
import { doubtOf, type Lane } from './play-run.ts';
import { resultOf } from './result.ts';
import type { HostState } from './run.ts';
import type { TaskEnd, TaskPart } from './task-run.ts';

/** Keeps what later tasks may read: registered results and facts. `scope`: the names that count where there was no go. */
export function remember(
  lane: Lane,
  task: PlanTask,
  { end, scope }: { readonly end: TaskEnd; readonly scope: Scope },
): void {
  for (const part of end.parts) keepFacts(lane, task, part);
  if (end.outcome.kind === 'unknown' && end.parts.length === 0)
    leaveNamesOpen(lane.host, task, {
      reason: end.outcome.reason,
      grown: task.growth?.known ?? null,
      scope,
      runs: 'perhaps',
    });
  if (task.register === null) return;
  const value = resultOf(task, end.outcome);
  lane.host.registered.set(task.register, { kind: 'value', value, span: task.span });
}

/** Keeps the facts that one item, or a task without a loop, found out or set: of the delegate with `delegate_facts`. */
export function keepFacts(lane: Lane, task: PlanTask, { outcome, grown, delegate, scope }: TaskPart): void {
  const others = delegate !== null && flag(task.inherited.nearest.delegate_facts, scope, false);
  const host = (others ? lane.playRun.run.hosts.get(delegate) : null) ?? lane.host;
  if (outcome.kind === 'unknown') {
    const surely = doubtOf(lane) === null && judge(task.inherited.when, scope).kind === 'true';
    const { reason } = outcome;
    leaveNamesOpen(host, task, { reason, grown, scope, runs: surely ? 'surely' : 'perhaps' });
    return;
  }
  for (const [name, entry] of grown?.variables ?? []) host.included.set(name, entry);
  if (outcome.kind !== 'ok' && outcome.kind !== 'changed' && outcome.kind !== 'would-change') return;
  const facts: Value | undefined = outcome.output.ansible_facts;
  if (!isMap(facts) || task.growth !== null) return;
  for (const [name, value] of Object.entries(facts)) {
    const entry = { kind: 'value', value, span: task.span } as const;
    if (task.module.name === 'set_fact') {
      host.registered.set(name, entry);
      if (isFact(task, scope)) host.facts.set(name, entry);
    } else host.facts.set(injected(task, name), entry);
  }
}

/** A task of which it is unknown what it would set. `runs`: where it surely does, what it knows of its values stays known. */
interface Doubtful {
  readonly reason: string;
  /** What an include would bring, where that is known. */
  readonly grown: Grown | null;
  readonly scope: Scope;
  readonly runs: 'surely' | 'perhaps';
}

/** What such a task may set is unknown to later tasks, not undefined. */
function leaveNamesOpen(host: HostState, task: PlanTask, { reason, grown, scope, runs }: Doubtful): void {
  const { module, args, growth } = task;
  const why = new Unknown(reason, task.span);
  const place = formatPlace(task.span);
  const any = new Unknown(`'${task.title}' at ${place}, which is unknown itself, may set it`, task.span);
  const entry = (value: Value) => ({ kind: 'value', value, span: task.span }) as const;
  const told = (arg: ArgTemplate | undefined, otherwise: Value): Value =>
    arg?.kind === 'template' ? renderedOr(otherwise, arg.template, scope) : otherwise;
  for (const fact of module.facts ?? [])
    if (fact.endsWith('*')) openUp(host, fact, any);
    else host.facts.set(fact, entry(why));
  for (const name of grown?.variables.keys() ?? []) host.included.set(name, entry(why));
  if (growth !== null && grown === null) {
    // All that is read may go into one variable.
    const into = growth.brings === 'variables' ? told(args.values.get('name'), null) : null;
    if (typeof into === 'string') host.included.set(into, entry(why));
    else openUp(host, growth.brings, any);
  }
  if (module.name !== 'set_fact') return;
  const given = toldOr(why, () => wholeArguments(task, scope));
  if (given instanceof Unknown) openUp(host, 'registered', any);
  else for (const [name, value] of given) host.registered.set(name, entry(runs === 'surely' ? value : why));
  for (const [name, arg] of args.values)
    host.registered.set(name, entry(runs === 'surely' ? told(arg, why) : why));
}

/** Facts of the host itself are variables with a prefix; what other modules find is called as they call it. */
function injected({ module }: PlanTask, name: string): string {
  return module.name === 'facts' && !name.startsWith('ansible_') ? `ansible_${name}` : name;
}

/** Whether `set_fact` makes a fact as well, as Ansible does of what it would keep for later runs. */
function isFact({ args }: PlanTask, scope: Scope): boolean {
  const cacheable = args.values.get('cacheable');
  return cacheable?.kind === 'template' && flag(cacheable.template, scope, false);
}
