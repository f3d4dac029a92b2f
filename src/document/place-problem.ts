import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { type DocNode, entryOf } from './node.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** A problem of a schema as a diagnostic at the key or value that it is about. */
export function placeProblem(problem: SchemaProblem, root: DocNode): Diagnostic {
  const { code, message, hint } = problem;
  return error({ code, message, hint, span: spanAt(root, problem) });
}

/** The span that a path leads to; as far as it goes when the document is shorter. */
export function spanAt(root: DocNode, { path, at }: Pick<SchemaProblem, 'path' | 'at'>): Span {
  let node = root;
  let key = root.span;
  for (const step of path) {
    if (node.kind === 'map' && typeof step === 'string') {
      const entry = entryOf(node, step);
      if (entry === undefined) return node.span;
      key = entry.span;
      node = entry.value;
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item = node.items[step];
      if (item === undefined) return node.span;
      key = item.span;
      node = item;
    } else return node.span;
  }
  return at === 'key' ? key : node.span;
}
