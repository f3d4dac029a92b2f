import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret } from '../core/value.ts';
import type { ScalarNode } from '../document/node.ts';
import type { Range } from '../expression/node.ts';
import { printed } from '../expression/print-value.ts';
import { codes } from '../expression/problems.ts';
import { compileScalarText } from './compile-text.ts';
import { cutText, type Segment } from './segment.ts';
import type { Scope, Template } from './template.ts';

/** A text that people read, such as a task's name. */
export interface Title {
  readonly references: Template['references'];
  /** Never fails: what has no value here says so in its place, as in Ansible; what is unknown stands as written. */
  render(scope: Scope): string;
}

type Part = string | { readonly written: string; readonly template: Template | Diagnostic };

/** Compiles a title; `null` when nothing in it depends on variables. */
export function compileTitle(node: ScalarNode): Title | null {
  if (typeof node.value !== 'string' || node.tag !== null || !node.value.includes('{{')) return null;
  const text = node.value;
  const parts = piecesOf(text).map(({ kind, start, end }) => {
    const written = text.slice(start, end);
    return kind === 'text' ? written : { written, template: compilePiece(node, { written, start }) };
  });
  if (parts.every((part) => typeof part === 'string')) return null;
  return {
    references: parts.flatMap((part) =>
      typeof part === 'string' || !('render' in part.template) ? [] : part.template.references,
    ),
    render: (scope) => rendered(parts, scope),
  };
}

/** Each mustache by itself; blocks hold what is between them, so with them the text is one piece. */
function piecesOf(text: string): readonly (Range & Pick<Segment, 'kind'>)[] {
  const segments = cutText(text);
  const simple = segments.every(
    (segment) =>
      segment.kind === 'text' ||
      (segment.kind === 'mustache' && !/^[#/^!]|^else\b/.test(segment.content.trim())),
  );
  return simple ? segments : [{ kind: 'mustache', start: 0, end: text.length }];
}

function compilePiece(
  node: ScalarNode,
  { written, start }: { readonly written: string; readonly start: number },
): Template | Diagnostic {
  const result = compileScalarText({
    text: written,
    span: node.span,
    place: (range) => node.spanOf(start + range.start, start + range.end),
    escapes: 'literal',
  });
  const [problem] = result.ok ? [] : result.diagnostics;
  if (problem !== undefined) return problem;
  if (result.ok) return result.value;
  throw new Error('a text that does not compile says why');
}

function rendered(parts: readonly Part[], scope: Scope): string {
  let errors = 0;
  const shown = (part: Part): string => {
    if (typeof part === 'string') return part;
    const value = valueIn(part.template, scope);
    if (value instanceof Failure) {
      errors += 1;
      return `<< error ${errors} - ${wordsOf(value)} >>`;
    }
    return value ?? part.written;
  };
  return parts.map(shown).join('').trim();
}

/** `null`: not known. */
function valueIn(template: Template | Diagnostic, scope: Scope): string | Failure | null {
  if (!('render' in template)) return new Failure(template, template.span);
  try {
    const value = template.render(scope);
    if (value instanceof Unknown) return null;
    return findSecret(value) === null ? printed(value) : String(findSecret(value));
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}

function wordsOf({ problem }: Failure): string {
  return problem.code === codes.undefinedVariable
    ? problem.message.replace(/ is not defined$/, ' is undefined')
    : problem.message;
}
