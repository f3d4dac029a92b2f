import { Failure } from '../core/failure.ts';
import type { DocNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import { printed } from '../expression/print-value.ts';
import type { TaskAst } from '../playbook/ast.ts';
import { report, templateOf } from '../playbook/compile-keyword.ts';
import { createScope } from '../variables/scope.ts';
import type { Compiler } from './compiler.ts';
import type { Site } from './site.ts';

/** Which arguments an import or include takes, and which one it cannot do without. */
export interface ImportArguments {
  readonly known: readonly string[];
  readonly required: string;
  /** Another name of the required one. */
  readonly alias: string | null;
}

/** The arguments of an import by name. A loop, an unknown or a missing argument is an error (HAPB2004, HAPB2024). */
export function importArguments(
  compiler: Compiler,
  { action, keywords }: TaskAst,
  { known, required, alias }: ImportArguments,
): ReadonlyMap<string, DocNode> {
  const loop = [...keywords.values()].find(({ key }) => key === 'loop' || key.startsWith('with_'));
  if (loop !== undefined) {
    report(compiler, {
      code: 'HAPB2004',
      message: `"${loop.key}" cannot stand on ${action.name}`,
      span: loop.span,
      hint: `Imports are read before anything connects; write ${action.name.replace('import', 'include')}.`,
    });
  }
  const args = new Map<string, DocNode>();
  if (action.freeForm !== null) args.set(required, action.freeForm);
  for (const entry of action.args?.entries ?? []) {
    if (entry.key === alias) args.set(required, entry.value);
    else if (known.includes(entry.key)) args.set(entry.key, entry.value);
    else {
      const near = suggest(entry.key, known);
      report(compiler, {
        code: 'HAPB2024',
        message: `${action.name} has no argument "${entry.key}"`,
        span: entry.span,
        hint: near === null ? `It has: ${known.join(', ')}.` : `Did you mean "${near}"?`,
      });
    }
  }
  if (!args.has(required)) {
    report(compiler, {
      code: 'HAPB2024',
      message: `${action.name} does not say what to import`,
      span: action.span,
      hint: `Write "${required}: NAME" below it.`,
    });
  }
  return args;
}

/**
 * A name that is needed before anything connects. It may mention what is known by then: extra vars, variables of the
 * play and its files, of roles and of the import. Else HAPB2009 and `null`.
 */
export function importedName(compiler: Compiler, node: DocNode | undefined, site: Site): string | null {
  if (node === undefined) return null;
  const template = templateOf(compiler, node);
  if (template === null) return null;
  const { known, layers } = site.inherited;
  try {
    const value = template.render(createScope([...known, ...layers]));
    if (typeof value === 'string' || typeof value === 'number') return printed(value);
    report(compiler, notFixed(node, 'the name of an import must be a text'));
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    report(
      compiler,
      notFixed(node, `the name of an import must be known before anything connects: ${thrown.message}`),
    );
  }
  return null;
}

function notFixed(node: DocNode, message: string): Parameters<typeof report>[1] {
  return {
    code: 'HAPB2009',
    message,
    span: node.span,
    hint: 'It may use extra vars and variables of the play. Use include_tasks or include_role for what a host decides.',
  };
}
