import type { Result } from '../core/diagnostic.ts';
import { Failure, unwrap } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, type Value } from '../core/value.ts';
import { printed } from '../expression/print-value.ts';
import type { HostEntry } from '../inventory/inventory.ts';
import { batchesOf, inOrder } from '../inventory/line-up.ts';
import { groupsLayer } from '../inventory/names.ts';
import { limitHosts, selectHosts } from '../inventory/pattern.ts';
import type { PlanPlay } from '../plan/plan.ts';
import { flag } from '../template/conditions.ts';
import type { Scope } from '../template/template.ts';
import { valueLayer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import { playMagic } from './host-scope.ts';
import { walkPlay } from './lane.ts';
import { taskNodes } from './nodes.ts';
import { abort, createPlayRun, newLane, well } from './play-run.ts';
import type { HostState, Run } from './run.ts';

/** How a run ended; the command line turns it into an exit code. */
export interface RunEnd {
  readonly failed: boolean;
  readonly unreachable: boolean;
  readonly interrupted: boolean;
}

/** Walks every play. Reports nothing itself: all that happens leaves as events. */
export async function execute(run: Run): Promise<RunEnd> {
  for (const [index, play] of run.plan.plays.entries()) {
    // What went wrong in one playbook keeps the next one of the command from running.
    if (run.plan.playbookStarts.has(index) && [...run.hosts.values()].some(isOut)) break;
    const goOn = await executePlay(run, play);
    if (!goOn || run.stopping.aborted) break;
  }
  const states = [...run.hosts.values()];
  return {
    failed: states.some((host) => host.health === 'failed'),
    unreachable: states.some((host) => host.health === 'unreachable'),
    interrupted: run.stopping.aborted,
  };
}

function isOut(host: HostState): boolean {
  return host.health !== 'well';
}

/**
 * `false`: a batch lost all its hosts at once, which ends the whole run, as in Ansible. Hosts that were out before take
 * no part, but count in the size of batches, and a batch with one of them cannot lose all at once.
 */
async function executePlay(run: Run, planned: PlanPlay): Promise<boolean> {
  const patterns = patternsOf(run, planned);
  const gathers = flag(planned.gatherFacts, playNames(run, planned), true);
  const body = gathers ? planned.body : planned.body.slice(1);
  const play = { ...planned, body, name: titleOf(run, planned) };
  const within = limitOf(run);
  const select = (): Result<readonly HostEntry[]> => selectHosts(patterns, run.inventory, play.hosts.span);
  const namesOf = (selected: Result<readonly HostEntry[]>): readonly string[] =>
    unwrap(selected).flatMap(({ name }) => (within === null || within.has(name) ? name : []));
  const selected = select();
  const named = namesOf(selected);
  for (const diagnostic of selected.ok ? selected.warnings : []) run.emit({ type: 'diagnostic', diagnostic });
  if (named.length === 0) {
    const { id, name, span } = play;
    const unknown = run.doubt === null ? {} : { unknown: run.doubt.reason };
    run.emit({ type: 'play.no-hosts', play: id, name, span, ...unknown });
    return true;
  }
  let goOn = true;
  for (const batch of batchesOf(play.serial, playNames(run, play, named), inOrder(play.order, named))) {
    const tasks = taskNodes(play.body);
    const present = batch.filter(well(run));
    run.emit({
      type: 'play.started',
      play: play.id,
      name: play.name,
      span: play.span,
      hosts: present,
      tasks,
    });
    run.newcomers.clear();
    const playRun = createPlayRun(run, play, { all: named, batch, told: namesOf(select()) });
    const hosts = present.flatMap((name) => run.hosts.get(name) ?? []);
    const wake = (): void => playRun.gates.wake();
    run.stopping.addEventListener('abort', wake);
    await Promise.all(hosts.map((host) => playRun.pins.hold(() => walkPlay(newLane(playRun, host)))));
    run.stopping.removeEventListener('abort', wake);
    if (run.stopping.aborted) return false;
    const [first] = playRun.falls.values();
    if (first !== undefined && hosts.every(isOut)) abort(playRun, first.reason);
    // A play that was stopped takes every host of the batch with it.
    if (playRun.ended === 'play') break;
    if (playRun.aborted !== null) goOn = false;
    const lost = playRun.aborted === null ? hosts.filter(isOut).length : present.length;
    if (lost === batch.length) return false;
  }
  return goOn;
}

function limitOf({ settings, inventory }: Run): ReadonlySet<string> | null {
  return settings.limit === null ? null : unwrap(limitHosts(settings.limit, inventory));
}

/** The names that keywords of a play may use; `named`: its hosts, of which nothing can be said before they are chosen. */
function playNames(run: Run, play: PlanPlay, named: readonly string[] = []): Scope {
  const hosts = (): readonly string[] => named;
  const magic = playMagic(run, play, { all: hosts, active: hosts, batch: hosts, roles: () => [] });
  const entries = [...magic.entries].filter(([name]) => named.length > 0 || !/play_(hosts|batch)/.test(name));
  const groups =
    run.doubt === null ? groupsLayer(run.inventory) : valueLayer('magic', 'hapb', { groups: run.doubt });
  const told = { ...magic, entries: new Map(entries) };
  return createScope([...play.layers, run.settings.extraVars, run.magic, told, groups]);
}

/** `hosts:` may mention extra vars, groups and what other hosts have, but nothing of the hosts that it chooses. */
function patternsOf(run: Run, play: PlanPlay): readonly string[] {
  const value = play.hosts.render(playNames(run, play));
  return (isList(value) ? value : [value]).map((item: Value) =>
    item instanceof Unknown ? '' : printed(item),
  );
}

/** What the play's name comes to with what is known before any host; as written where that is not enough. */
function titleOf(run: Run, play: PlanPlay): string {
  try {
    const texts = play.titles.map((title) => {
      const value = title.render(playNames(run, play));
      return value instanceof Unknown ? play.name : printed(value).trim();
    });
    return texts.find((text) => text !== '') ?? play.name;
  } catch (problem) {
    if (problem instanceof Failure) return play.name;
    throw problem;
  }
}
