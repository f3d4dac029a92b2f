import {
  type Diagnostic,
  error,
  type Judged,
  type Result,
  success,
  whatThereIs,
} from '../core/diagnostic.ts';
import type { DocNode, MapEntry, ScalarNode } from '../document/node.ts';
import type { AnyModule } from '../modules/module.ts';
import type { StepAst } from '../playbook/ast.ts';
import type { Project } from '../playbook/project.ts';
import type { TagSelection } from '../playbook/tags.ts';
import { compileExpression } from '../template/compile-expression.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { constantTemplate } from '../template/compile-text.ts';
import type { Expression, Template } from '../template/template.ts';
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

/** Records an error. */
export function report(compiler: Compiler, problem: Omit<Diagnostic, 'severity'>): void {
  compiler.problems.push(error(problem));
}

/** Unwraps a result, keeping its problems; what could be made of a failed one, `null` when that is nothing. */
export function take<T>(compiler: Compiler, result: Result<T> | Judged<T>): T | null {
  compiler.problems.push(...(result.ok ? result.warnings : result.diagnostics));
  return whatThereIs(result);
}

/** The template of a keyword's value; `null` when the keyword is absent or does not compile. */
export function template(compiler: Compiler, entry: MapEntry | undefined): Template | null {
  return entry === undefined ? null : templateOf(compiler, entry.value);
}

/** The template of a node, vault texts in it opened; `null` when it does not compile. */
export function templateOf(
  compiler: Compiler,
  node: DocNode,
  compile: typeof compileTemplate = compileTemplate,
): Template | null {
  const readTag = (scalar: ScalarNode): Result<Template> | null => {
    if (scalar.tag !== '!vault') return null;
    const plain = compiler.tools.decryptScalar(scalar);
    return plain.ok ? success(constantTemplate(scalar.span, plain.value)) : plain;
  };
  return take(compiler, compile(node, readTag));
}

/** The conditions of `when` and its like: one expression, a list of them, or a bare boolean. */
export function conditions(compiler: Compiler, entry: MapEntry | undefined): readonly Expression[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => expression(compiler, node, entry.key) ?? []);
}

/** One expression from a scalar; anything else is HAPB2020. */
export function expression(compiler: Compiler, node: DocNode, keyword: string): Expression | null {
  if (node.kind === 'scalar' && node.value !== null) return take(compiler, compileExpression(node));
  report(compiler, {
    code: 'HAPB2020',
    message: `"${keyword}" needs a condition, found ${node.kind === 'scalar' ? 'nothing' : `a ${node.kind}`}`,
    span: node.span,
    hint: `Write an expression such as "${keyword}: result.rc == 0", or remove the line.`,
  });
  return null;
}

/** A list of templates: the keyword's items, or its one value, split at commas when it is plain text. */
export function names(compiler: Compiler, entry: MapEntry | undefined): readonly Template[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => templateOf(compiler, node) ?? []);
}

/** Fixed names (`tags`, `listen`): texts or lists of them; commas separate. Templates are refused. */
export function fixedNames(compiler: Compiler, entry: MapEntry | undefined): readonly string[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    const text = fixedText(compiler, node, entry.key);
    return text === null
      ? []
      : text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '');
  });
}

/** A text without variables; else HAPB2021 and `null`. */
export function fixedText(compiler: Compiler, node: DocNode | undefined, keyword: string): string | null {
  if (node === undefined) return null;
  if (node.kind === 'scalar' && node.value !== null && !String(node.value).includes('{{'))
    return String(node.value);
  report(compiler, {
    code: 'HAPB2021',
    message: `"${keyword}" must be a plain text that does not depend on variables`,
    span: node.span,
    hint: 'It is needed before anything connects; write the value itself.',
  });
  return null;
}

/** Whether a node is a scalar holding text. */
export function isText(node: DocNode | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

/** A switch that must be known when the plan is built; absent: `fallback`. */
export function isYes(node: DocNode | undefined, fallback: 'no' | 'yes'): 'no' | 'yes' {
  if (node?.kind !== 'scalar' || node.value === null) return fallback;
  return /^(true|yes|on|1)$/i.test(String(node.value)) ? 'yes' : 'no';
}
