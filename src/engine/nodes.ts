import { comparePositions, type Position } from '../core/gates.ts';
import type { EventBody, TaskNode } from '../events/event.ts';
import type { PlanNode, PlanTask } from '../plan/plan.ts';
import type { Scope } from '../template/template.ts';
import { type Frame, placeIn, topFrame } from './frame.ts';
import { namesOf } from './names.ts';

/** A node with its place in the walk. */
interface PlacedNode {
  readonly node: TaskNode;
  readonly position: Position;
}

/** The tasks and barriers of a tree as screens show them, in order. */
export function taskNodes(nodes: readonly PlanNode[]): readonly TaskNode[] {
  return placedNodes(nodes, topFrame).map(({ node }) => node);
}

function placedNodes(nodes: readonly PlanNode[], frame: Frame): readonly PlacedNode[] {
  return nodes.flatMap((node): readonly PlacedNode[] => {
    switch (node.kind) {
      case 'task': {
        const { node: id, position } = placeIn(frame, node);
        return [{ node: taskNode(node, { id, kind: frame.kind }), position }];
      }
      case 'barrier': {
        const { node: id, position } = placeIn(frame, node);
        const { title, span } = node;
        return [{ node: { id, kind: 'barrier', title, module: 'barrier', span }, position }];
      }
      case 'block':
        return [node.body, node.rescue, node.always].flatMap((part) => placedNodes(part, frame));
      case 'role':
        return placedNodes(node.body, frame);
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
  readonly #named = new Set<string>();
  #open: PlacedNode[];

  constructor(emit: (event: EventBody) => void, nodes: readonly PlanNode[]) {
    this.#emit = emit;
    this.#open = [...placedNodes(nodes, topFrame)];
  }

  /** A handler that is about to run at a flush; announced by the first host that comes to it. Returns its node's id. */
  handler(task: PlanTask, position: Position): string {
    const id = `${task.id}@${position.join('.')}`;
    if (this.#known.has(id)) return id;
    this.#known.add(id);
    this.#insert([{ node: taskNode(task, { id, kind: 'handler' }), position }]);
    return id;
  }

  /** Tells once what a task is called where it runs first. */
  name(node: string, task: PlanTask, scope: () => Scope): void {
    if (task.naming === null || this.#named.has(node)) return;
    this.#named.add(node);
    this.#emit({ type: 'task.named', node, title: namesOf(task, scope).title });
  }

  /** What an include has brought. */
  add(nodes: readonly PlanNode[], frame: Frame): void {
    this.#insert(placedNodes(nodes, frame));
  }

  #insert(placed: readonly PlacedNode[]): void {
    const [first] = placed;
    if (first === undefined) return;
    const before = this.#open.filter((other) => comparePositions(other.position, first.position) < 0);
    this.#open = [...before, ...placed, ...this.#open.slice(before.length)];
    this.#emit({
      type: 'tasks.added',
      after: before.at(-1)?.node.id ?? '',
      tasks: placed.map(({ node }) => node),
    });
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
