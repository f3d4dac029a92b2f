import { Unknown } from '../core/unknown.ts';
import { isMap, type Value } from '../core/value.ts';
import type { PlanTask } from '../plan/plan.ts';
import { flag, judge, renderedOr } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { doubtOf, type Lane } from './play-run.ts';
import { resultOf } from './result.ts';
import type { HostState } from './run.ts';
import type { TaskEnd, TaskPart } from './task-run.ts';

/** Keeps what later tasks may read: registered results and facts. */
export function remember(lane: Lane, task: PlanTask, end: TaskEnd): void {
  for (const part of end.parts) keepFacts(lane, task, part);
  if (end.outcome.kind === 'unknown' && end.parts.length === 0)
    keepUnknownFacts(lane.host, task, { reason: end.outcome.reason, names: null });
  if (task.register === null) return;
  const value = resultOf(task, end.outcome);
  lane.host.registered.set(task.register, { kind: 'value', value, span: task.span });
}

/**
 * What set_fact could not know, or a module of facts, is unknown to later tasks, not undefined. `names`: those that count
 * where it surely runs, so that what it knows of its values stays known.
 */
function keepUnknownFacts(
  host: HostState,
  task: PlanTask,
  { reason, names }: { readonly reason: string; readonly names: Scope | null },
): void {
  const unknown = new Unknown(reason, task.span);
  for (const name of task.module.facts?.filter((fact) => !fact.endsWith('*')) ?? [])
    host.facts.set(name, { kind: 'value', value: unknown, span: task.span });
  if (task.module.name !== 'set_fact') return;
  for (const [name, arg] of task.args.values) {
    const value =
      names === null || arg.kind !== 'template' ? unknown : renderedOr(unknown, arg.template, names);
    host.registered.set(name, { kind: 'value', value, span: task.span });
  }
}

/** Keeps the facts that one item, or a task without a loop, found out or set: of the delegate with `delegate_facts`. */
export function keepFacts(lane: Lane, task: PlanTask, { outcome, grown, delegate, scope }: TaskPart): void {
  const others = delegate !== null && flag(task.inherited.nearest.delegate_facts, scope, false);
  const host = (others ? lane.playRun.run.hosts.get(delegate) : null) ?? lane.host;
  for (const [name, entry] of grown?.variables ?? []) {
    const value = outcome.kind === 'unknown' ? new Unknown(outcome.reason, task.span) : null;
    host.included.set(name, value === null ? entry : { kind: 'value', value, span: task.span });
  }
  if (outcome.kind === 'unknown') {
    const surely = doubtOf(lane) === null && judge(task.inherited.when, scope).kind === 'true';
    keepUnknownFacts(host, task, { reason: outcome.reason, names: surely ? scope : null });
  }
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

/** Facts of the host itself are variables with a prefix; what other modules find is called as they call it. */
function injected({ module }: PlanTask, name: string): string {
  return module.name === 'facts' && !name.startsWith('ansible_') ? `ansible_${name}` : name;
}

/** Whether `set_fact` makes a fact as well, as Ansible does of what it would keep for later runs. */
function isFact({ args }: PlanTask, scope: Scope): boolean {
  const cacheable = args.values.get('cacheable');
  return cacheable?.kind === 'template' && flag(cacheable.template, scope, false);
}
