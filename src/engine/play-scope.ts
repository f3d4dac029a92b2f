import type { Inherited } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import { hostScope } from './host-scope.ts';
import type { PlayRun } from './play-run.ts';
import type { HostState } from './run.ts';

/** What a task adds: what it inherits, and the variables of includes around it. */
interface TaskNames {
  readonly inherited: Inherited | null;
  readonly more: readonly Layer[];
}

/** The names that count on a host in this play: for a task its own vars too, for keywords of the play none. */
export function playScope(
  { run, play, exported, magic }: PlayRun,
  host: HostState,
  { inherited, more }: TaskNames = { inherited: null, more: [] },
): Scope {
  return hostScope(run, host, { names: { layers: [...play.layers, ...exported], magic }, inherited, more });
}
