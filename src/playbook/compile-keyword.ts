import {
  type Diagnostic,
  error,
  type Judged,
  type Result,
  success,
  whatThereIs,
} from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { DocNode, MapEntry, ScalarNode } from '../document/node.ts';
import { compileExpression } from '../template/compile-expression.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { constantTemplate } from '../template/compile-text.ts';
import type { Expression, Template } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import type { Making } from './made-once.ts';
import { tagsOf } from './tags.ts';

/** Records an error. */
export function report(making: Making, problem: Omit<Diagnostic, 'severity'>): void {
  making.problems.push(error(problem));
}

/** Unwraps a result, keeping its problems; what could be made of a failed one, `null` when that is nothing. */
export function take<T>(making: Making, result: Result<T> | Judged<T>): T | null {
  making.problems.push(...(result.ok ? result.warnings : result.diagnostics));
  return whatThereIs(result);
}

/** The template of a keyword's value; `null` when the keyword is absent or does not compile. */
export function template(making: Making, entry: MapEntry | undefined): Template | null {
  return entry === undefined ? null : templateOf(making, entry.value);
}

/** The template of a node, vault texts in it opened; `null` when it does not compile. */
export function templateOf(
  making: Making,
  node: DocNode,
  compile: typeof compileTemplate = compileTemplate,
): Template | null {
  const readTag = (scalar: ScalarNode): Result<Template> | null => {
    if (scalar.tag !== '!vault') return null;
    const plain = making.tools.decryptScalar(scalar);
    return plain.ok ? success(constantTemplate(scalar.span, plain.value)) : plain;
  };
  return take(making, compile(node, readTag));
}

/** The conditions of `when` and its like: one expression, a list of them, or a bare boolean. */
export function conditions(making: Making, entry: MapEntry | undefined): readonly Expression[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => expression(making, node, entry.key) ?? []);
}

/** One expression from a scalar; anything else is HAPB2020. */
export function expression(making: Making, node: DocNode, keyword: string): Expression | null {
  if (node.kind === 'scalar' && node.value !== null) return take(making, compileExpression(node));
  report(making, {
    code: 'HAPB2020',
    message: `"${keyword}" needs a condition, found ${node.kind === 'scalar' ? 'nothing' : `a ${node.kind}`}`,
    span: node.span,
    hint: `Write an expression such as "${keyword}: result.rc == 0", or remove the line.`,
  });
  return null;
}

/** A list of templates: the keyword's items, or its one value, split at commas when it is plain text. */
export function names(making: Making, entry: MapEntry | undefined): readonly Template[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => templateOf(making, node) ?? []);
}

/** Tags, which may mention what is `known` before anything connects, or of an include; else HAPB2021. */
export function tagNames(
  making: Making,
  entry: MapEntry | undefined,
  known: readonly Layer[],
): readonly string[] {
  if (entry === undefined) return [];
  const templates = names(making, entry);
  try {
    const scope = createScope(known);
    return tagsOf(
      entry,
      templates.map((each) => each.render(scope)),
    );
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    report(making, {
      code: 'HAPB2021',
      message: `"tags" must be known before anything connects: ${thrown.message}`,
      span: thrown.span ?? entry.value.span,
      hint: 'They may use extra vars and variables of the play and its roles, and behind an include its vars and its item.',
    });
    return [];
  }
}

/** Fixed names (`listen`): texts or lists of them; commas separate. Templates are refused. */
export function fixedNames(making: Making, entry: MapEntry | undefined): readonly string[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    const text = fixedText(making, node, entry.key);
    return text === null
      ? []
      : text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '');
  });
}

/** A text without variables; else HAPB2021 and `null`. */
export function fixedText(making: Making, node: DocNode | undefined, keyword: string): string | null {
  if (node === undefined) return null;
  if (node.kind === 'scalar' && node.value !== null && !String(node.value).includes('{{'))
    return String(node.value);
  report(making, {
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
