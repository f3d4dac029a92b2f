import { Unknown, Unresolved } from '../core/unknown.ts';
import { printed } from '../expression/print-value.ts';
import { wayOf } from '../inventory/way.ts';
import type { Site } from '../modules/host/asking.ts';
import { flag, resolved, text, truth } from '../template/conditions.ts';
import { environmentOf } from '../template/environment.ts';
import { namesOf } from './names.ts';
import type { Attempt } from './task-run.ts';

/** Where and as whom a task works on a host; variables beat keywords, as in Ansible. @throws Failure, Unresolved */
export function siteOf(
  it: Pick<Attempt, 'task' | 'scope' | 'scopeOf' | 'run' | 'host' | 'folders'>,
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
    owner: it.host,
    user: becomes ? { kind: 'become', user } : { kind: 'login' },
    way,
    folder: it.folders.at(-1) ?? '.',
    signal,
    environment: environmentOf(task.inherited.environment, scope),
    ...(person === null
      ? {}
      : { person: (question, echo) => person(`[${namesOf(task, () => scope).title}]\n${question}`, echo) }),
  };
}
