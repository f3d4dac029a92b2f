import type { Position } from '../core/gates.ts';
import type { Unknown } from '../core/unknown.ts';
import type { NodeId } from '../events/event.ts';
import type { Layer } from '../variables/layer.ts';

/** In which include a host is: where its nodes stand, and what they see of it. */
export interface Frame {
  /** The position before that of its nodes; empty outside of includes. */
  readonly base: Position;
  /** Variables and loop items of the includes around, weakest first. */
  readonly layers: readonly Layer[];
  /** Why it is unknown whether all this runs; `null`: it does. */
  readonly doubt: Unknown | null;
  readonly kind: 'task' | 'handler';
  /** By which items of which includes this host came here; the same in each run, though branches are numbered as hosts come. */
  readonly way: string;
}

/** Outside of includes. */
export const topFrame: Frame = { base: [], layers: [], doubt: null, kind: 'task', way: '' };

/** Where a node stands in the walk, and its name in events. */
export interface Place {
  readonly position: Position;
  readonly node: NodeId;
}

/** A node's place in a frame. Its name is another one each time its file is included. */
export function placeIn({ base }: Frame, node: { readonly id: NodeId; readonly order: number }): Place {
  return {
    position: [...base, node.order],
    node: base.length === 0 ? node.id : `${node.id}@${base.join('.')}`,
  };
}
