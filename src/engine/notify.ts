import { Failure } from '../core/failure.ts';
import { isList, type Value } from '../core/value.ts';
import { suggest } from '../document/suggest.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope, Template } from '../template/template.ts';
import { namesOf } from './names.ts';
import type { Handler, Lane } from './play-run.ts';
import { playScope } from './play-scope.ts';

/**
 * Marks the handlers that a changed task notifies, by name or by a topic they listen to. Which they are is decided at
 * the next flush; a handler notifies others of its own flush. @throws Failure: none of that name
 */
export function notify(
  lane: Lane,
  task: PlanTask,
  { node, scope }: { readonly node: string; readonly scope: Scope },
): void {
  const { handlers, run } = lane.playRun;
  const { running } = lane.flush;
  for (const template of task.inherited.notify) {
    for (const name of notifiedBy(template.render(scope))) {
      const found = handlersFor(lane, name);
      if (found.length === 0) throw noSuchHandler(name, template, handlers);
      const news =
        running === null ? !lane.notified.has(name) : found.some((handler) => !running.has(handler));
      if (!news) continue;
      if (running === null) lane.notified.add(name);
      else for (const handler of found) running.add(handler);
      for (const { task: handler } of found) {
        run.emit({ type: 'handler.notified', handler: handler.id, host: lane.host.name, by: node });
      }
    }
  }
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

function notifiedBy(value: Value): readonly string[] {
  return (isList(value) ? value : [value]).map(String);
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
