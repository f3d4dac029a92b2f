import type { Span } from '../core/source.ts';
import type { MapEntry, MapNode, ScalarNode } from '../document/node.ts';

/** Keywords as written, by name; every one is known and allowed where it stands. */
export type Keywords = ReadonlyMap<string, MapEntry>;

/** One play of a playbook. Imported playbooks are already in place; other files are read when the plan grows. */
export interface PlayAst {
  readonly span: Span;
  readonly file: string;
  readonly keywords: Keywords;
  readonly prompts: readonly PromptAst[];
  /** Keywords of the imports that brought it, outermost first. */
  readonly imports: readonly Keywords[];
  readonly preTasks: readonly StepAst[];
  readonly roles: readonly RoleUseAst[];
  readonly tasks: readonly StepAst[];
  readonly postTasks: readonly StepAst[];
  readonly handlers: readonly StepAst[];
}

/** One variable of `vars_prompt` with what is said of it. */
export interface PromptAst {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly keywords: Keywords;
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
  /** Includes: keywords for each task that they bring. */
  readonly apply: Keywords;
}

/** The module that a task names and what it passes: named arguments, free-form text, or neither. */
export interface ActionAst {
  readonly name: string;
  /** The name as it is written, with its collection. */
  readonly written: string;
  /** Of the module's name; errors about missing arguments point here. */
  readonly span: Span;
  readonly args: MapNode | null;
  readonly freeForm: ScalarNode | null;
  /** Expressions that give whole maps of arguments; named ones win over them. */
  readonly whole: readonly ScalarNode[];
}

/** `block`/`rescue`/`always`. */
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

/** A role as a play names it under `roles`, or another role under `dependencies`. */
export interface RoleUseAst {
  readonly span: Span;
  readonly name: ScalarNode;
  readonly keywords: Keywords;
  /** All other keys: variables of this one use. */
  readonly params: MapNode;
}

/** The files of a role, as far as one use of it needs them. */
export interface RoleAst {
  readonly name: string;
  /** Where it was found. */
  readonly folder: string;
  readonly tasks: readonly StepAst[];
  readonly handlers: readonly StepAst[];
  /** Weakest first, when they are in several files. */
  readonly defaults: readonly MapNode[];
  readonly vars: readonly MapNode[];
  readonly dependencies: readonly RoleUseAst[];
  readonly allowDuplicates: 'no' | 'yes';
  /** Argument specifications by entry point. */
  readonly specs: MapNode | null;
}
