import type { EventBody, TaskNode } from '../events/event.ts';
import type { PlanNode, PlanPlay, PlanTask } from '../plan/plan.ts';
import { comparePositions, type Position } from './gates.ts';

/** A node with its place in the walk. */
interface PlacedNode {
  readonly node: TaskNode;
  readonly position: Position;
}

/** The tasks and barriers of a tree as screens show them, in order. */
export function taskNodes(nodes: readonly PlanNode[]): readonly TaskNode[] {
  return placedNodes(nodes).map(({ node }) => node);
}

function placedNodes(nodes: readonly PlanNode[]): readonly PlacedNode[] {
  return nodes.flatMap((node): readonly PlacedNode[] => {
    switch (node.kind) {
      case 'task':
        return [{ node: taskNode(node, { id: node.id, kind: 'task' }), position: [node.order] }];
      case 'barrier':
        return [
          {
            node: { id: node.id, kind: 'barrier', title: node.title, module: 'barrier', span: node.span },
            position: [node.order],
          },
        ];
      case 'block':
        return [...placedNodes(node.body), ...placedNodes(node.rescue), ...placedNodes(node.always)];
      case 'role':
        return placedNodes(node.body);
      case 'flush':
        return [];
    }
  });
}

function taskNode(task: PlanTask, { id, kind }: Pick<TaskNode, 'id' | 'kind'>): TaskNode {
  return { id, kind, title: task.title, module: task.module.name, span: task.span };
}

/** Follows the nodes of a play while its hosts move on, and says when nothing more comes of one. */
export class NodeBoard {
  readonly #emit: (event: EventBody) => void;
  readonly #known = new Set<string>();
  #open: PlacedNode[];

  constructor(emit: (event: EventBody) => void, play: PlanPlay) {
    this.#emit = emit;
    this.#open = [...placedNodes(play.body)];
  }

  /** A handler that is about to run at a flush; announced by the first host that comes to it. Returns its node's id. */
  handler(task: PlanTask, position: Position): string {
    const id = `${task.id}@${position.join('.')}`;
    if (this.#known.has(id)) return id;
    this.#known.add(id);
    const node = taskNode(task, { id, kind: 'handler' });
    const before = this.#open.filter((other) => comparePositions(other.position, position) < 0);
    const after = this.#open.slice(before.length);
    this.#open = [...before, { node, position }, ...after];
    this.#emit({ type: 'tasks.added', after: before.at(-1)?.node.id ?? '', tasks: [node] });
    return id;
  }

  /** All nodes before `lowest` are done; `null`: all of them. */
  close(lowest: Position | null): void {
    for (let first = this.#open[0]; first !== undefined; first = this.#open[0]) {
      if (lowest !== null && comparePositions(lowest, first.position) <= 0) return;
      this.#open.shift();
      this.#emit({ type: 'node.closed', node: first.node.id });
    }
  }
}
