import type { Diagnostic } from '../core/diagnostic.ts';
import type { AnyModule } from '../modules/module.ts';
import type { StepAst } from '../playbook/ast.ts';
import type { Project } from '../playbook/project.ts';
import type { TagSelection } from '../playbook/tags.ts';
import type { Layer } from '../variables/layer.ts';
import type { VarsTools } from '../variables/vars-file.ts';
import type { PlanNode, PlanTask } from './plan.ts';
import type { Site } from './site.ts';

/** What building a plan needs, and where it gathers problems. */
export interface Compiler extends BuildOptions {
  readonly problems: Diagnostic[];
  /** Names that tasks with errors would set. */
  readonly lostNames: string[];
  /** Compiles steps; here, so that what reads more of them (roles, imports) can have them compiled. */
  readonly steps: (steps: readonly StepAst[], site: Site) => readonly PlanNode[];
  readonly handlers: (steps: readonly StepAst[], site: Site) => readonly PlanTask[];
}

/** What building needs besides the plays. */
export interface BuildOptions {
  readonly findModule: (name: string) => AnyModule | undefined;
  /** Which tasks take part. */
  readonly tags: TagSelection;
  /** What opens vault texts. */
  readonly tools: VarsTools;
  /** Files of tasks and roles. */
  readonly project: Project;
  /** Folders besides those of the playbook in which roles lie. */
  readonly rolesPath: readonly string[];
  /** For names that must be known before anything connects. */
  readonly extraVars: Layer | null;
}
