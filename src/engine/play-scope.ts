import type { Inherited } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import { hostScope } from './host-scope.ts';
import { healthyHosts, type PlayRun } from './play-run.ts';
import type { HostState } from './run.ts';

/** What a task adds: what it inherits, and the variables of includes around it. */
interface TaskNames {
  readonly inherited: Inherited | null;
  readonly more: readonly Layer[];
}

/** The names that count on a host in this play: for a task its own vars too, for keywords of the play none. */
export function playScope(
  playRun: PlayRun,
  host: HostState,
  { inherited, more }: TaskNames = { inherited: null, more: [] },
): Scope {
  const { play, roles, exported, allHosts, batch } = playRun;
  const active = (): readonly string[] => healthyHosts(playRun);
  const names = {
    play,
    roles,
    exported,
    all: allHosts,
    active,
    batch: () => active().filter((name) => batch.includes(name)),
  };
  return hostScope(playRun.run, host, { names, inherited, more });
}
