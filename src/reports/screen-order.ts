import type { Event, NodeId, TaskNode } from '../events/event.ts';

/** One stretch of the screen: a task, or one run of a handler. */
interface Slot {
  readonly node: TaskNode;
  readonly waiting: Event[];
  readonly running: Set<string>;
  begun: boolean;
  closed: boolean;
  passed: boolean;
}

/** Events in task order, each with the task it belongs to, or `null` when it belongs to none. */
export type Forward = (event: Event, node: TaskNode | null) => void;

/**
 * Puts events in the order of tasks though hosts run ahead of each other: a task's events pass at once while it is the
 * front one, those of later tasks wait until all before them are closed. A handler gets its place behind the task after
 * which the first host ran it. The end of a play lets everything out.
 */
export function createScreenOrder(forward: Forward): { on(event: Event): void } {
  const handlers = new Map<NodeId, TaskNode>();
  const current = new Map<NodeId, Slot>();
  const hostAt = new Map<string, Slot>();
  let slots: Slot[] = [];
  let front = 0;

  const add = (nodes: readonly TaskNode[], position: number): void => {
    const added = nodes.filter(({ kind }) => kind !== 'handler').map(openSlot);
    for (const node of nodes) if (node.kind === 'handler') handlers.set(node.id, node);
    for (const slot of added) current.set(slot.node.id, slot);
    place(added, position);
  };
  const place = (added: readonly Slot[], position: number): void => {
    slots.splice(position, 0, ...added);
    if (position <= front && added.length > 0) {
      for (const slot of slots.slice(position)) slot.passed = false;
      front = position;
    }
  };
  const endOf = (after: NodeId): number => {
    const start = slots.findLastIndex(({ node }) => node.id === after || node.id.startsWith(`${after}.`));
    return start === -1 ? slots.length : start + 1;
  };
  const slotOf = (id: NodeId, host: string | null): Slot | null => {
    const slot = current.get(id);
    const handler = handlers.get(id);
    if (handler === undefined) return slot ?? null;
    if (slot !== undefined && !slot.closed) return slot;
    const last = host === null ? undefined : hostAt.get(host);
    const fresh = openSlot(handler);
    current.set(id, fresh);
    place([fresh], last === undefined ? front : slots.indexOf(last) + 1);
    return fresh;
  };
  const advance = (): void => {
    for (let slot = slots[front]; slot !== undefined && isOver(slot); slot = slots[front]) {
      slot.passed = true;
      front += 1;
      const next = slots[front];
      if (next !== undefined) release(next);
    }
  };
  /** A handler's slot is over without being closed when nobody runs it and a later task has begun. */
  const isOver = (slot: Slot): boolean => {
    if (slot.closed) return true;
    if (slot.node.kind !== 'handler' || !slot.begun || slot.running.size > 0) return false;
    slot.closed = slots.slice(front + 1).some(({ begun }) => begun);
    return slot.closed;
  };
  const release = (slot: Slot): void => {
    for (const event of slot.waiting.splice(0)) forward(event, slot.node);
  };
  const releaseAll = (): void => {
    for (const slot of slots) release(slot);
    slots = [];
    front = 0;
    current.clear();
    handlers.clear();
    hostAt.clear();
  };
  const onNode = (event: Event, id: NodeId, host: string | null): void => {
    const slot = slotOf(id, host);
    if (slot === null) {
      forward(event, null);
      return;
    }
    slot.begun = true;
    if (host !== null) {
      if (event.type === 'task.started') {
        slot.running.add(host);
        hostAt.set(host, slot);
      }
      if (event.type === 'task.finished') slot.running.delete(host);
    }
    if (slot.passed || slot === slots[front]) forward(event, slot.node);
    else slot.waiting.push(event);
    advance();
  };
  return {
    on(event) {
      switch (event.type) {
        case 'play.started':
          releaseAll();
          forward(event, null);
          add(event.tasks, 0);
          return;
        case 'tasks.added':
          add(event.tasks, endOf(event.after));
          return;
        case 'node.closed': {
          const slot = current.get(event.node);
          if (slot !== undefined) slot.closed = true;
          advance();
          return;
        }
        case 'task.started':
        case 'task.progress':
        case 'task.retrying':
        case 'item.finished':
        case 'task.finished':
        case 'barrier.waiting':
          onNode(event, event.node, event.host);
          return;
        case 'barrier.opened':
          onNode(event, event.node, null);
          return;
        case 'handler.notified':
          onNode(event, event.by, event.host);
          return;
        case 'play.no-hosts':
        case 'play.aborted':
        case 'run.finished':
          releaseAll();
          forward(event, null);
          return;
        case 'run.started':
        case 'host.connected':
        case 'diagnostic':
          forward(event, null);
          return;
      }
    },
  };
}

function openSlot(node: TaskNode): Slot {
  return { node, waiting: [], running: new Set(), begun: false, closed: false, passed: false };
}
