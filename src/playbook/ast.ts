import type { Span } from '../core/source.ts';
import type { MapEntry, MapNode, ScalarNode } from '../document/node.ts';

/** Keywords as written, by name; every one is known and allowed where it stands. */
export type Keywords = ReadonlyMap<string, MapEntry>;

/** One play of a playbook. Imports are already in place. */
export interface PlayAst {
  readonly span: Span;
  readonly file: string;
  readonly keywords: Keywords;
  readonly preTasks: readonly StepAst[];
  readonly tasks: readonly StepAst[];
  readonly postTasks: readonly StepAst[];
  readonly handlers: readonly StepAst[];
}

/** What stands in a list of tasks. */
export type StepAst = TaskAst | BlockAst | BarrierAst;

/** A module call with its keywords. */
export interface TaskAst {
  readonly kind: 'task';
  readonly span: Span;
  readonly file: string;
  readonly keywords: Keywords;
  readonly action: ActionAst;
}

/** The module that a task names and what it passes: named arguments, free-form text, or neither. */
export interface ActionAst {
  readonly name: string;
  /** Of the module's name; errors about missing arguments point here. */
  readonly span: Span;
  readonly args: MapNode | null;
  readonly freeForm: ScalarNode | null;
}

/** `block`/`rescue`/`always`; also an import, whose keywords its tasks inherit. */
export interface BlockAst {
  readonly kind: 'block';
  readonly span: Span;
  readonly keywords: Keywords;
  readonly body: readonly StepAst[];
  readonly rescue: readonly StepAst[];
  readonly always: readonly StepAst[];
}

/** `- barrier: NAME`: every host of the play waits here for the others. */
export interface BarrierAst {
  readonly kind: 'barrier';
  readonly span: Span;
  readonly name: string;
  readonly keywords: Keywords;
}
