import type { Position } from '../core/gates.ts';
import type { Grown } from '../plan/plan.ts';
import type { Frame } from './frame.ts';
import type { TaskPart } from './task-run.ts';

/** One way on from an include, and the hosts that take it, each with its own variables. */
export interface Branch {
  /** Equal for hosts that take the way together: the same file or role and the same item. */
  readonly key: string;
  readonly grown: Grown;
  readonly base: Position;
  /** The item's label; `null`: no loop. */
  readonly label: string | null;
  readonly frames: Map<string, Frame>;
}

/** What has grown from one include. */
export interface GrowthPoint {
  readonly branches: Branch[];
  /** Hosts of a linear play that have come to it, until all have. */
  readonly waiting: Map<string, Arrival>;
}

/** What an include has brought on one host. */
export interface Arrival {
  readonly host: string;
  /** In which the include stands. */
  readonly frame: Frame;
  readonly parts: readonly TaskPart[];
}
