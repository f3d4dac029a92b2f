import { type Diagnostic, failure, type Judged, judged, type Result, success } from '../core/diagnostic.ts';
import type { DocNode } from './node.ts';

/** A document; behind problems that leave the rest of it readable, also what there is of it. */
export type Parsed = Result<DocNode | null> | Judged<DocNode | null>;

/** What a text comes to. A key that is given twice spoils nothing beside it. */
export function parsed(node: DocNode | null, problems: readonly Diagnostic[]): Parsed {
  const value = node?.kind === 'scalar' && node.value === null && node.tag === null ? null : node;
  if (problems.length === 0) return success(value);
  return problems.every(({ code }) => code === 'HAPB1004') ? judged(value, problems) : failure(problems);
}
