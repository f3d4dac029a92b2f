import { hostEntry } from '../inventory/inventory.ts';
import type { MetaAction } from '../modules/general/meta.ts';
import type { Lane } from './play-run.ts';
import { endPlay, HostFailed, LaneEnded, RoleEnded } from './play-run.ts';
import { welcome } from './run.ts';

/** What concerns every host of the play; in a linear play the first host decides for all. */
export function concernsAll(action: MetaAction | null): boolean {
  switch (action) {
    case 'end_batch':
    case 'end_play':
    case 'clear_facts':
    case 'clear_host_errors':
    case 'refresh_inventory':
      return true;
    case 'flush_handlers':
    case 'end_host':
    case 'end_role':
    case 'reset_connection':
    case 'noop':
    case null:
      return false;
  }
}

/** Does what a meta task says, apart from running handlers. @throws LaneEnded, RoleEnded */
export async function steer(lane: Lane, action: MetaAction): Promise<void> {
  const { playRun, host } = lane;
  const { run } = playRun;
  switch (action) {
    case 'end_host':
      playRun.left.add(host.name);
      throw new LaneEnded('done');
    case 'end_role':
      throw new RoleEnded();
    case 'end_batch':
      return endPlay(playRun, 'batch');
    case 'end_play':
      return endPlay(playRun, 'play');
    case 'clear_facts':
      for (const name of playRun.allHosts) run.hosts.get(name)?.facts.clear();
      return;
    case 'clear_host_errors':
      playRun.failedHosts.clear();
      for (const name of playRun.allHosts) {
        const state = run.hosts.get(name);
        if (state !== undefined) state.health = 'well';
      }
      return;
    case 'reset_connection':
      await run.pool.resetAll(host.name);
      return;
    case 'refresh_inventory':
      return refresh(lane);
    case 'flush_handlers':
    case 'noop':
      return;
  }
}

/** Hosts that are new can be named by later plays; what tasks have added stays. */
function refresh({ playRun: { run } }: Lane): void {
  const fresh = run.refresh();
  for (const diagnostic of fresh.ok ? fresh.warnings : fresh.diagnostics)
    run.emit({ type: 'diagnostic', diagnostic });
  if (!fresh.ok) throw new HostFailed(null, {});
  for (const addition of run.inventory.additions)
    if (addition.kind === 'host' || hostEntry(fresh.value, addition.host) !== undefined)
      fresh.value.grow(addition);
  run.inventory = fresh.value;
  welcome(run);
}
