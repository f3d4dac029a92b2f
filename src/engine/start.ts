import { setMaxListeners } from 'node:events';
import type { Result } from '../core/diagnostic.ts';
import { type AskStep, createStepping } from '../core/stepping.ts';
import type { Binding } from '../events/binding.ts';
import type { EventBody } from '../events/event.ts';
import type { GoingOn } from '../events/go-on.ts';
import type { Hold } from '../events/hold.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { foreseenFiles } from '../modules/host/foreseen-files.ts';
import type { LeaseHolder } from '../modules/host/lease.ts';
import { HostPool, type OpenConnection } from '../modules/host/pool.ts';
import type { Person } from '../modules/module.ts';
import type { Plan } from '../plan/plan.ts';
import { runLayer } from '../variables/magic.ts';
import { plainTools, type VarsTools } from '../variables/vars-file.ts';
import { execute, type RunEnd } from './execute.ts';
import { type HostState, type RunSettings, welcome } from './run.ts';
import { createSlots } from './slots.ts';

/** What a run is started with. */
export interface RunStart {
  readonly plan: Plan;
  readonly playbooks: readonly string[];
  readonly inventory: Inventory;
  /** Reads the inventory again, for `meta: refresh_inventory`; connections then lead to its hosts. */
  readonly refresh: () => Result<Inventory>;
  readonly settings: RunSettings;
  readonly open: OpenConnection;
  /** Who changes the nodes; `null`: nodes are not marked as being changed. */
  readonly holder: LeaseHolder | null;
  /** Absent: no vault password is known. */
  readonly tools?: VarsTools;
  /** Asked before each task; absent: nobody is. */
  readonly ask?: AskStep | null;
  /** See Run. */
  readonly person?: Person | null;
  /** What the log belongs to, where it is kept as a plan. */
  readonly bound?: Binding | null;
  /** The plan that changes are held to; absent: none. */
  readonly hold?: Hold | null;
  /** See Run. */
  readonly before?: GoingOn | null;
  readonly emit: (event: EventBody) => void;
  /** Aborted to end in order: nothing more starts, what runs ends or is left to itself. Absent: only by `signal`. */
  readonly stopping?: AbortSignal;
  /** Aborted to end now: what runs is stopped on the hosts, too. */
  readonly signal: AbortSignal;
}

/** Runs a plan from its first connection to the last one's end. @throws Failure when a play's hosts make no sense */
export async function startRun(start: RunStart): Promise<RunEnd> {
  const { inventory, settings, emit } = start;
  // Every request under way listens; there is no leak to warn about.
  setMaxListeners(0, start.signal);
  const hosts = new Map<string, HostState>();
  welcome({ inventory, hosts });
  emit({
    type: 'run.started',
    schema: 1,
    mode: settings.mode,
    playbooks: start.playbooks,
    hosts: [...inventory.hosts.keys()],
    ...(start.bound == null ? {} : { bound: start.bound }),
  });
  const stopping = AbortSignal.any([start.signal, ...(start.stopping === undefined ? [] : [start.stopping])]);
  setMaxListeners(0, stopping);
  stopping.addEventListener('abort', () => emit({ type: 'run.stopping' }), { once: true });
  await using pool = new HostPool({
    open: start.open,
    onConnected: (host, durationMs) => emit({ type: 'host.connected', host, durationMs }),
    leases: start.holder && {
      holder: start.holder,
      leftOvers: settings.mode === 'apply' ? 'cleared' : 'kept',
      say: (diagnostic) => emit({ type: 'diagnostic', diagnostic }),
    },
    stopping,
    signal: start.signal,
  });
  return await execute({
    plan: start.plan,
    settings: settings.mode === 'check' ? foreseeing(settings, pool) : settings,
    inventory,
    magic: runLayer(settings),
    refresh: start.refresh,
    pool,
    slots: createSlots(settings.forks),
    hosts,
    newcomers: new Set(),
    tools: start.tools ?? plainTools,
    stepping: start.ask == null ? null : createStepping(start.ask),
    person: start.person ?? null,
    hold: start.hold ?? null,
    before: start.before ?? null,
    emit,
    stopping,
    signal: start.signal,
    doubt: null,
  });
}

/** Lookups of a check read no file that a task before would change. */
function foreseeing(settings: RunSettings, pool: HostPool): RunSettings {
  const { files } = settings.extraVars;
  if (files === undefined) return settings;
  return { ...settings, extraVars: { ...settings.extraVars, files: foreseenFiles(files, pool) } };
}
