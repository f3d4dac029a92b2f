import type { MapNode } from '../document/node.ts';
import type { Expression, Template } from '../template/template.ts';
import type { AnyModule } from './module.ts';

/** A module and the arguments that a task gives it. */
export interface ModuleCall {
  readonly module: AnyModule;
  /** The module's name as it is written. */
  readonly action: string;
  readonly args: TaskArgs;
}

/** Arguments as templates by name, and the source they came from for error places. */
export interface TaskArgs {
  readonly node: MapNode;
  readonly values: ReadonlyMap<string, ArgTemplate>;
  /** Names among them that come from module_defaults. */
  readonly weak: ReadonlySet<string>;
  /** Expressions that give maps of arguments, weakest first; named arguments beat them, except weak ones. */
  readonly wholes: readonly Template[];
}

/** How one argument is evaluated; see ArgSchema.expression. */
export type ArgTemplate =
  | { readonly kind: 'template'; readonly template: Template }
  | {
      readonly kind: 'expressions';
      readonly expressions: readonly Expression[];
      readonly form: 'one' | 'list';
    };
