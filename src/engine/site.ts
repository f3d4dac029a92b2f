import { Failure } from '../core/failure.ts';
import { Secret, type Text } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, typeName, type Value } from '../core/value.ts';
import { printed, quoted } from '../expression/print-value.ts';
import { wayOf } from '../inventory/way.ts';
import type { Site } from '../modules/host/asking.ts';
import type { PlanTask } from '../plan/plan.ts';
import { flag, resolved, text, truth, Unresolved } from '../template/conditions.ts';
import type { Scope, Template } from '../template/template.ts';
import { namesOf } from './names.ts';
import type { Attempt } from './task-run.ts';

/** Where and as whom a task works on a host; variables beat keywords, as in Ansible. @throws Failure, Unresolved */
export function siteOf(
  it: Attempt,
  { host, signal }: { readonly host: string; readonly signal: AbortSignal },
): Site {
  const { task, scope, run } = it;
  const { nearest } = task.inherited;
  const { person } = run;
  // The other host's own variables lead to it.
  const names = host === it.host ? scope : it.scopeOf(host);
  const become = names.lookup('ansible_become');
  const becomes =
    become === undefined
      ? flag(nearest.become, scope, run.settings.become === 'yes')
      : truth(resolved(become), nearest.become?.span ?? task.span);
  const named = names.lookup('ansible_become_user');
  const user =
    named === undefined
      ? (text(nearest.become_user, scope) ?? run.settings.becomeUser)
      : printed(resolved(named));
  const way = wayOf(names);
  if (way instanceof Unknown) throw new Unresolved(way);
  return {
    pool: run.pool,
    host,
    user: becomes ? { kind: 'become', user } : { kind: 'login' },
    way,
    signal,
    environment: environmentOf(task, scope),
    ...(person === null
      ? {}
      : { person: (question, echo) => person(`[${namesOf(task, () => scope).title}]\n${question}`, echo) }),
  };
}

/** `environment` of all levels together: an inner level, and in a list a later map, wins. @throws Failure HAPB7071 */
function environmentOf(task: PlanTask, scope: Scope): ReadonlyMap<string, Text> {
  const variables = new Map<string, Text>();
  for (const template of task.inherited.environment) {
    const value = resolved(template.render(scope));
    for (const map of isList(value) ? value : [value]) {
      if (map === null || map === '') continue;
      if (!isMap(map))
        throw wrongEnvironment(template, `"environment" needs a map, but is a ${typeName(map)}`);
      for (const [name, item] of Object.entries(map)) {
        if (!/^[A-Za-z_]\w*$/.test(name))
          throw wrongEnvironment(template, `"${name}" cannot be the name of an environment variable`);
        variables.set(name, textOf(item));
      }
    }
  }
  return variables;
}

function textOf(value: Value): Text {
  if (value instanceof Secret) return value;
  return value === null ? quoted(value) : printed(value);
}

function wrongEnvironment(template: Template, message: string): Failure {
  const hint = 'Write "NAME: VALUE" lines below it; names have letters, digits and underscores.';
  return new Failure({ code: 'HAPB7071', message, hint }, template.span);
}
