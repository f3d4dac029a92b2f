import { Gates } from '../core/gates.ts';
import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { PlanNode, PlanPlay, PlanTask, UsedRole } from '../plan/plan.ts';
import { exportedLayers } from '../plan/role-variables.ts';
import type { Layer } from '../variables/layer.ts';
import type { GrowthPoint } from './branch.ts';
import { type Frame, topFrame } from './frame.ts';
import { playMagic } from './host-scope.ts';
import { NodeBoard } from './nodes.ts';
import type { HostState, Run } from './run.ts';
import { createPins, type Pins } from './slots.ts';
import type { TimedEnd } from './task-run.ts';

/** One batch of a play under way: what its hosts share. */
export interface PlayRun {
  readonly run: Run;
  readonly play: PlanPlay;
  readonly allHosts: readonly string[];
  /** Its hosts, also those that were out before. */
  readonly batch: readonly string[];
  readonly gates: Gates;
  /** How many hosts are in the play at once. */
  readonly pins: Pins;
  readonly board: NodeBoard;
  /** Why no further task starts; `null` while the play goes on. */
  aborted: string | null;
  /** What a meta task has ended: its hosts leave without having failed. */
  ended: 'batch' | 'play' | null;
  /** Why it is unknown whether the play goes on; `null`: it does. */
  doubt: Unknown | null;
  /** Failures that every host of the play takes part in, by the position of their task. */
  readonly falls: Map<string, Fall>;
  /** What run_once tasks came to, by position. */
  readonly once: Map<string, { readonly host: string; readonly end: Promise<TimedEnd> }>;
  /** Barriers that have been reported as open. */
  readonly opened: Set<string>;
  readonly failedHosts: Set<string>;
  /** Hosts that have left the batch, also those whose errors were cleared. */
  readonly left: Set<string>;
  /** Roles that the play has used so far, and what all its tasks see of them. */
  roles: readonly UsedRole[];
  exported: readonly Layer[];
  /** What hapb itself tells of the play. */
  readonly magic: Layer;
  /** In the order in which they run; those of included roles come when they are included. */
  readonly handlers: Handler[];
  /** Whether a check could not tell what an include brings: it may be handlers. */
  handlersUnread: boolean;
  /** Where includes have brought tasks, by the include's position. */
  readonly points: Map<string, GrowthPoint>;
}

/** A task's failure that is every host's, as any_errors_fatal or run_once demands. */
export interface Fall {
  readonly reason: string;
  /** Ansible fails the other hosts of a run_once task twice: also in the rescue, or the always part, that catches them. */
  readonly twice: 'no' | 'yes';
}

/** A handler, and the variables of the include that brought it, for each host that took part. */
export interface Handler {
  readonly task: PlanTask;
  readonly frames: ReadonlyMap<string, Frame>;
}

const noFrames: Handler['frames'] = new Map();

/** The hosts of a play, those of the batch, and those that its pattern means when the batch begins. */
interface PlayHosts {
  readonly all: readonly string[];
  readonly batch: readonly string[];
  readonly told: readonly string[];
}

/** Prepares a batch of hosts for a play. */
export function createPlayRun(run: Run, play: PlanPlay, hosts: PlayHosts): PlayRun {
  // Whom its tasks add counts for the play at once, though nothing runs there before another one.
  const told = (): readonly string[] => [...new Set([...hosts.told, ...run.newcomers])];
  const board = new NodeBoard(run.emit, play.body);
  const pins = createPins(play.strategy === 'host_pinned' ? run.settings.forks : null);
  const playRun: PlayRun = {
    run,
    play,
    allHosts: hosts.all,
    batch: hosts.batch,
    board,
    gates: new Gates(hosts.batch.filter(well(run)), {
      onMove: (lowest) => board.close(lowest),
      broken: () => playRun.aborted !== null || playRun.ended !== null || run.stopping.aborted,
      waiting: (wait) => pins.loosen(wait),
    }),
    pins,
    aborted: null,
    ended: null,
    doubt: null,
    falls: new Map(),
    once: new Map(),
    opened: new Set(),
    failedHosts: new Set(),
    left: new Set(),
    roles: play.roles,
    exported: exportedLayers(play.roles),
    magic: playMagic(run, play, {
      all: told,
      active: () => told().filter(present(playRun)),
      batch: () => hosts.batch.filter(present(playRun)),
      roles: () => playRun.roles,
    }),
    handlers: play.handlers.map((task) => ({ task, frames: noFrames })),
    handlersUnread: false,
    points: new Map(),
  };
  return playRun;
}

/** Hosts that are still in the play, also those that are through with it already. */
export function healthyHosts(playRun: PlayRun): readonly string[] {
  return playRun.allHosts.filter(present(playRun));
}

function present({ run, left }: PlayRun): (name: string) => boolean {
  const isWell = well(run);
  return (name) => isWell(name) && !left.has(name);
}

/** Whether a host neither failed nor became unreachable. */
export function well(run: Run): (name: string) => boolean {
  return (name) => run.hosts.get(name)?.health === 'well';
}

/** Stops the play for every host: nothing that has not started yet starts any more. */
export function abort(playRun: PlayRun, reason: string): void {
  if (playRun.aborted !== null) return;
  playRun.aborted = reason;
  playRun.run.emit({ type: 'play.aborted', play: playRun.play.id, reason });
  playRun.gates.wake();
}

/** Ends the batch or the play for every host; none of them has failed. */
export function endPlay(playRun: PlayRun, what: 'batch' | 'play'): void {
  playRun.ended = what;
  playRun.gates.wake();
}

/** A host on its way through a play. */
export interface Lane {
  readonly playRun: PlayRun;
  readonly host: HostState;
  /**
   * What was notified here since the last flush, and why that is unknown (`null`: it was): a name means the handler that bears
   * it when the flush comes.
   */
  readonly notified: Map<string, Unknown | null>;
  /** Handlers of the flush under way that have not run, the same way, and all that it began; `null`: none is. */
  readonly flush: { running: Map<Handler, Unknown | null> | null; begun: Set<Handler> };
  /** The include in which it is. */
  readonly frame: Frame;
  /** Why it is unknown whether the host is still in the play; `null`: it is. */
  readonly doubt: { why: Unknown | null };
  /** The first task since the innermost block with a rescue began of which it is unknown whether it fails, and why. */
  readonly unsure: { why: Unknown | null };
  /** Roles of which a task has run here, and those that are through. */
  readonly roles: { readonly begun: Set<string>; readonly done: Set<string> };
  /** What it comes to behind the node where it is; `null`: nothing. */
  readonly following: Following | null;
  /** How many blocks with a rescue are around the place where the host is. */
  readonly rescuers: number;
  /** The falls that it took part in. */
  readonly felt: Set<string>;
}

/** Nodes behind the one that a host is in, and the lane on which it comes to them. */
export interface Following {
  readonly nodes: readonly PlanNode[];
  readonly from: number;
  readonly lane: Lane;
}

/** A host at the beginning of a play. */
export function newLane(playRun: PlayRun, host: HostState): Lane {
  return {
    playRun,
    host,
    notified: new Map(),
    flush: { running: null, begun: new Set() },
    frame: topFrame,
    doubt: { why: null },
    unsure: { why: null },
    roles: { begun: new Set(), done: new Set() },
    following: null,
    rescuers: 0,
    felt: new Set(),
  };
}

/** Why it is unknown whether the host runs its next task at all, as a rescue may come in its place; `null`: it does. */
export function doubtOf({ frame, doubt, playRun, unsure, rescuers }: Lane): Unknown | null {
  return frame.doubt ?? doubt.why ?? playRun.doubt ?? (rescuers > 0 ? unsure.why : null);
}

/** Leaves the tasks of a block: the failure of a task, here (or elsewhere: `null`), to be caught by a rescue or by the end of the lane. */
export class HostFailed extends Error {
  override readonly name = 'HostFailed';
  readonly task: PlanTask | null;
  readonly result: Value;
  readonly twice: Fall['twice'];

  constructor(task: PlanTask | null, result: Value, twice: Fall['twice'] = 'no') {
    super(task?.title ?? 'another host failed');
    this.task = task;
    this.result = result;
    this.twice = twice;
  }
}

/** Leaves the tasks of the role around, always parts too; the host goes on behind it. */
export class RoleEnded extends Error {
  override readonly name = 'RoleEnded';
}

/**
 * Leaves a lane at once, past rescue and always: the host is unreachable, wants a change that the plan does not have, or the
 * play was stopped or is over.
 */
export class LaneEnded extends Error {
  override readonly name = 'LaneEnded';
  readonly why: 'unreachable' | 'unforeseen' | 'aborted' | 'done';

  constructor(why: LaneEnded['why']) {
    super(why);
    this.why = why;
  }
}
