import { Failure } from '../core/failure.ts';
import { isList, type Value } from '../core/value.ts';
import { suggest } from '../document/suggest.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Scope, Template } from '../template/template.ts';
import type { Lane } from './play-run.ts';

/** Marks the handlers that a changed task notifies, by name or by a topic they listen to. @throws Failure: none of that name */
export function notify(
  lane: Lane,
  task: PlanTask,
  { node, scope }: { readonly node: string; readonly scope: Scope },
): void {
  const { handlers } = lane.playRun.play;
  for (const template of task.inherited.notify) {
    for (const name of namesOf(template.render(scope))) {
      const called = nearest(handlers, (handler) => handler.name === name || handler.title === name);
      const listening = handlers.filter((handler) => handler.listen.includes(name));
      const found = handlers.filter(
        (handler) =>
          handler === called ||
          (listening.includes(handler) &&
            (handler.name === null ||
              handler === nearest(listening, (other) => other.name === handler.name))),
      );
      if (found.length === 0) throw noSuchHandler(name, template, handlers);
      for (const handler of found) {
        if (lane.pending.has(handler)) continue;
        lane.pending.add(handler);
        lane.playRun.run.emit({
          type: 'handler.notified',
          handler: handler.id,
          host: lane.host.name,
          by: node,
        });
      }
    }
  }
}

/** Of several that fit the last list's counts (the play's before its roles'), and in one list the first one. */
function nearest(handlers: readonly PlanTask[], fits: (handler: PlanTask) => boolean): PlanTask | null {
  const fitting = handlers.filter(fits);
  const list = fitting.at(-1)?.inherited.role;
  return fitting.find((handler) => handler.inherited.role === list) ?? null;
}

function namesOf(value: Value): readonly string[] {
  return (isList(value) ? value : [value]).map(String);
}

function noSuchHandler(name: string, template: Template, handlers: readonly PlanTask[]): Failure {
  const names = handlers.flatMap((handler) => [handler.title, ...handler.listen]);
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
