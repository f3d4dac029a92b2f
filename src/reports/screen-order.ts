import type { Event, NodeId, TaskNode } from '../events/event.ts';

/** One task's stretch of the screen. */
interface Slot {
  node: TaskNode;
  readonly waiting: Event[];
  closed: boolean;
  passed: boolean;
}

/** Events in task order, each with the task it belongs to, or `null` when it belongs to none. */
export type Forward = (event: Event, node: TaskNode | null) => void;

/**
 * Puts events in the order of tasks though hosts run ahead of each other: a task's events pass at once while it is the
 * front one, those of later tasks wait until all before them are closed. The end of a play lets everything out.
 */
export function createScreenOrder(forward: Forward): { on(event: Event): void } {
  const known = new Map<NodeId, Slot>();
  let slots: Slot[] = [];
  let front = 0;

  /** Tasks that come into the part that was shown already become the front ones. */
  const place = (nodes: readonly TaskNode[], position: number): void => {
    const added = nodes.map((node): Slot => ({ node, waiting: [], closed: false, passed: false }));
    if (added.length === 0) return;
    for (const slot of added) known.set(slot.node.id, slot);
    slots.splice(position, 0, ...added);
    if (position > front) return;
    for (const slot of slots.slice(position)) slot.passed = false;
    front = position;
  };
  /** Behind the task named; at the front of what is open when that is closed for long or there is none. */
  const behind = (after: NodeId): number => {
    const index = slots.findLastIndex(({ node }) => node.id === after);
    return index === -1 ? front : index + 1;
  };
  const advance = (): void => {
    for (let slot = slots[front]; slot?.closed === true; slot = slots[front]) {
      slot.passed = true;
      front += 1;
      const next = slots[front];
      if (next !== undefined) release(next);
    }
  };
  const release = (slot: Slot): void => {
    for (const event of slot.waiting.splice(0)) forward(event, slot.node);
  };
  const releaseAll = (): void => {
    for (const slot of slots) release(slot);
    slots = [];
    front = 0;
    known.clear();
  };
  const onNode = (event: Event, id: NodeId): void => {
    const slot = known.get(id);
    if (slot === undefined) forward(event, null);
    else if (slot.passed || slot === slots[front]) forward(event, slot.node);
    else slot.waiting.push(event);
  };
  return {
    on(event) {
      switch (event.type) {
        case 'play.started':
          releaseAll();
          forward(event, null);
          place(event.tasks, 0);
          return;
        case 'tasks.added':
          place(event.tasks, behind(event.after));
          return;
        case 'task.named': {
          const slot = known.get(event.node);
          if (slot !== undefined) slot.node = { ...slot.node, title: event.title };
          return;
        }
        case 'node.closed': {
          const slot = known.get(event.node);
          if (slot !== undefined) slot.closed = true;
          advance();
          return;
        }
        case 'included':
        case 'task.started':
        case 'task.progress':
        case 'task.retrying':
        case 'item.finished':
        case 'task.finished':
        case 'barrier.waiting':
        case 'host.goes-on':
        case 'barrier.opened':
          onNode(event, event.node);
          return;
        case 'task.silent':
          // It is of use at once, and names its task itself.
          forward(event, known.get(event.node)?.node ?? null);
          return;
        case 'handler.notified':
          onNode(event, event.by);
          return;
        case 'play.aborted':
        case 'run.stopping':
          // Hosts that are in the middle of a task still end it; what they say is shown as it comes.
          for (const slot of slots) {
            release(slot);
            slot.passed = true;
          }
          front = slots.length;
          forward(event, null);
          return;
        case 'play.no-hosts':
        case 'plan.left':
        case 'run.finished':
          releaseAll();
          forward(event, null);
          return;
        case 'run.started':
        case 'files.read':
        case 'host.connected':
        case 'diagnostic':
          forward(event, null);
          return;
      }
    },
  };
}
