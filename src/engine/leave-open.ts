import { Unknown } from '../core/unknown.ts';
import { entryOf } from '../document/node.ts';
import { openEffects, somewhereBelow } from '../modules/asks/changed-keys.ts';
import { foresee, type Site } from '../modules/host/asking.ts';
import { causedBy } from '../modules/host/cause.ts';
import type { PlanTask } from '../plan/plan.ts';
import { renderedOr } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import type { Call } from './call.ts';

type Open = Pick<Call, 'task' | 'args' | 'cause'> & { readonly site: Pick<Site, 'pool' | 'host'> };

/** What a task names that is unknown itself is unknown to all later tasks: it may be as it is, or changed. */
export function leaveOpen({ task, args, cause, site }: Open): void {
  const state = causedBy(cause, `${cause.words}, which is unknown itself, may change it`);
  foresee(site, openEffects(task.module, args, state), cause);
}

/** The arguments that can be told, of a task whose arguments cannot all be told, or which may not run at all. */
export function toldArguments({ module, args }: PlanTask, scope: Scope): object {
  const told: Record<string, unknown> = {};
  for (const [name, { changes, aliases = [], default: absent }] of Object.entries(module.args.properties)) {
    if (changes === undefined && name !== 'src') continue;
    const given = args.values.get(name);
    const value = given?.kind === 'template' ? renderedOr(undefined, given.template, scope) : absent;
    told[name] =
      value instanceof Unknown
        ? somewhereBelow([name, ...aliases].map((each) => entryOf(args.node, each)?.value))
        : value;
  }
  return told;
}
