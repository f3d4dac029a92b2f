import type { Result } from '../core/diagnostic.ts';
import type { AskedTask } from '../core/stepping.ts';
import type { Unknown } from '../core/unknown.ts';
import type { EventBody } from '../events/event.ts';
import type { GoingOn } from '../events/go-on.ts';
import type { Hold } from '../events/hold.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { HostPool } from '../modules/host/pool.ts';
import type { Person } from '../modules/module.ts';
import type { Plan } from '../plan/plan.ts';
import { freshVariables, type HostVariables } from '../variables/host-variables.ts';
import type { Layer } from '../variables/layer.ts';
import type { VarsTools } from '../variables/vars-file.ts';
import type { Slots } from './slots.ts';

/** What stays the same for a whole run. */
export interface RunSettings {
  readonly mode: 'apply' | 'check';
  readonly forks: number;
  readonly forceHandlers: 'no' | 'yes';
  readonly diff: 'no' | 'yes';
  /** Whether a check asks since when a file that differs is as it is. */
  readonly dates: 'no' | 'yes';
  /** `-b` and the like: what a task does that says nothing about become. */
  readonly become: 'no' | 'yes';
  /** Whom a task becomes that does not say it. */
  readonly becomeUser: string;
  /** Extra vars and values that variables of the command line give. */
  readonly extraVars: Layer;
  /** `--limit`; `null`: every host that a play names. */
  readonly limit: string | null;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly verbosity: number;
}

/** A run under way. */
export interface Run {
  readonly plan: Plan;
  readonly settings: RunSettings;
  inventory: Inventory;
  /** What hapb itself tells of the run. */
  readonly magic: Layer;
  /** Reads the inventory again. */
  readonly refresh: () => Result<Inventory>;
  readonly pool: HostPool;
  readonly slots: Slots;
  readonly hosts: Map<string, HostState>;
  /** Hosts that tasks have added or changed since the batch under way began. */
  readonly newcomers: Set<string>;
  /** What opens encrypted templates and sources of copies. */
  readonly tools: VarsTools;
  /** Whether a task runs, where each is asked about; `null`: all do. */
  readonly stepping: ((task: AskedTask) => Promise<boolean>) | null;
  /** Who answers the questions of tasks; `null`: nobody. */
  readonly person: Person | null;
  /** Judges every change by a plan; `null`: the run is held to none. */
  readonly hold: Pick<Hold, 'judge'> | null;
  /** What the run did with which this one goes on; `null`: it begins at the beginning. */
  readonly before: GoingOn | null;
  readonly emit: (event: EventBody) => void;
  /** Aborted when the run is to end in order, and before it is to end now. */
  readonly stopping: AbortSignal;
  readonly signal: AbortSignal;
  /** Why it is unknown which hosts and groups there are, after a task that would have said so; `null`: it is known. */
  doubt: Unknown | null;
}

/** What a run has learnt about one host. */
export interface HostState extends HostVariables {
  /** How it fares: a failed host leaves the run, an unreachable one too. */
  health: 'well' | 'failed' | 'unreachable';
}

/** Makes hosts of the inventory known to the run; the others keep their facts and results. */
export function welcome({ inventory, hosts }: Pick<Run, 'inventory' | 'hosts'>): void {
  for (const name of [...inventory.hosts.keys(), ...inventory.implicit.keys()])
    if (!hosts.has(name)) hosts.set(name, { ...freshVariables(name), health: 'well' });
}
