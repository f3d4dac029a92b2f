import type { Inherited } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { gathered } from '../variables/host-variables.ts';
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
  playRun: PlayRun,
  host: HostState,
  { inherited, more }: TaskNames = { inherited: null, more: [] },
): Scope {
  const { run, play, exported, magic } = playRun;
  const layers = [...play.layers, ...lateLayers(playRun, host), ...exported];
  return hostScope(run, host, { names: { layers, magic, folder: play.folder }, inherited, more });
}

/** Files of variables that the host chooses: by its own variables and facts, not by what tasks have set. */
function lateLayers({ run, play, magic }: PlayRun, host: HostState): readonly Layer[] {
  if (play.lateVars === null) return [];
  return play.lateVars(
    hostScope(run, gathered(host), { names: { ...play, magic }, inherited: null, more: [] }),
  );
}
