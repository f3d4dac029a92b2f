import { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, type Value } from '../core/value.ts';
import { suggest } from '../document/suggest.ts';
import { printed } from '../expression/print-value.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope, Template } from '../template/template.ts';
import { namesOf } from './names.ts';
import type { Handler, Lane } from './play-run.ts';
import { playScope } from './play-scope.ts';
import type { TaskEnd } from './task-run.ts';

/** A task that has ended on a host, as far as handlers care. */
interface Ended {
  readonly node: string;
  readonly end: TaskEnd;
  /** The names that count where it had no part. */
  readonly scope: Scope;
}

/**
 * Marks the handlers that a task notifies: where it changed something, and in check mode with the doubt where that is not
 * known. @throws Failure: none of that name
 */
export function notifyAfter(lane: Lane, task: PlanTask, { node, end, scope }: Ended): void {
  const { outcome, parts } = end;
  const doubt = outcome.kind === 'unknown' ? new Unknown(outcome.reason, outcome.cause) : null;
  const changes = [outcome, ...parts.map((part) => part.outcome)].some(hasChanged);
  if (!changes && (doubt === null || isNeverChange(task))) return;
  const scopes = parts.filter((part) => part.outcome.kind !== 'skipped').map((part) => part.scope);
  for (const names of scopes.length === 0 ? [scope] : scopes)
    notify(lane, task, { node, scope: names, doubt: changes ? null : doubt });
}

function hasChanged({ kind }: Outcome): boolean {
  return kind === 'changed' || kind === 'would-change';
}

function isNeverChange({ changedWhen }: PlanTask): boolean {
  return changedWhen?.some(({ constant, text }) => constant && /^false$/i.test(text)) === true;
}

/** Which handlers they are is decided at the next flush; a handler notifies others of its own flush. */
function notify(
  lane: Lane,
  task: PlanTask,
  { node, scope, doubt }: { readonly node: string; readonly scope: Scope; readonly doubt: Unknown | null },
): void {
  const { handlers, handlersUnread, run } = lane.playRun;
  const { running, begun } = lane.flush;
  for (const template of task.inherited.notify) {
    for (const { name, why } of notifiedBy(lane, template, { scope, doubt })) {
      const found = handlersFor(lane, name);
      if (found.length === 0 && !handlersUnread) throw noSuchHandler(name, template, handlers);
      const fresh = found.filter((handler) => why === null || !begun.has(handler));
      const news =
        running === null
          ? mark(lane.notified, name, why)
          : fresh.map((handler) => mark(running, handler, why)).some(Boolean);
      if (!news || why !== null) continue;
      for (const { task: handler } of found) {
        run.emit({ type: 'handler.notified', handler: handler.id, host: lane.host.name, by: node });
      }
    }
  }
}

/** Takes a notification, where a sure one beats a doubtful one. Gives whether it tells something new. */
export function mark<K>(marks: Map<K, Unknown | null>, key: K, doubt: Unknown | null): boolean {
  const known = marks.get(key);
  if (known === null || (known !== undefined && doubt !== null)) return false;
  marks.set(key, doubt);
  return true;
}

/** The handler of a name, and all that listen to it; of several with one name the nearest. */
export function handlersFor(lane: Lane, name: string): readonly Handler[] {
  const { handlers } = lane.playRun;
  const called = nearest(handlers, (handler) => {
    const { name: own, title } = namesOf(handler.task, () => scopeOf(lane, handler));
    return own === name || title === name;
  });
  const listening = handlers.filter(({ task }) => task.listen.includes(name));
  return handlers.filter(
    (handler) =>
      handler === called ||
      (listening.includes(handler) &&
        (handler.task.name === null ||
          handler === nearest(listening, ({ task }) => task.name === handler.task.name))),
  );
}

/** The names that count for a handler on a host. */
function scopeOf({ playRun, host }: Lane, { task, frames }: Handler): Scope {
  return playScope(playRun, host, { inherited: task.inherited, more: frames.get(host.name)?.layers ?? [] });
}

/** Of several that fit the last list's counts (the play's before its roles'), and in one list the first one. */
function nearest(handlers: readonly Handler[], fits: (handler: Handler) => boolean): Handler | null {
  const fitting = handlers.filter(fits);
  const last = fitting.at(-1);
  const isBeside = ({ task, frames }: Handler): boolean =>
    task.inherited.role === last?.task.inherited.role && frames === last?.frames;
  return fitting.find(isBeside) ?? null;
}

/** Names of handlers, and why it is unknown whether they are notified. An unknown name may be any of them. */
function notifiedBy(
  lane: Lane,
  template: Template,
  { scope, doubt }: { readonly scope: Scope; readonly doubt: Unknown | null },
): readonly { readonly name: string; readonly why: Unknown | null }[] {
  const value = namesIn(template, scope, doubt);
  return (isList(value) ? value : [value]).flatMap((name) => {
    if (!(name instanceof Unknown)) return [{ name: printed(name), why: doubt }];
    return lane.playRun.handlers.map(({ task }) => ({ name: task.name ?? task.title, why: name }));
  });
}

/** In doubt there may be no item that the names are made of. */
function namesIn(template: Template, scope: Scope, doubt: Unknown | null): Value {
  try {
    return template.render(scope);
  } catch (thrown) {
    if (doubt === null || !(thrown instanceof Failure)) throw thrown;
    return doubt;
  }
}

function noSuchHandler(name: string, template: Template, handlers: readonly Handler[]): Failure {
  const names = handlers.flatMap(({ task }) => [task.title, ...task.listen]);
  const near = suggest(name, names);
  return new Failure(
    {
      code: 'HAPB7050',
      message: `no handler of this play is named "${name}" or listens to it`,
      hint: near === null ? `Its handlers: ${names.join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    },
    template.span,
  );
}
