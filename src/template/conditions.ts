import { Failure, type Problem } from '../core/failure.ts';
import { numberIn } from '../core/float.ts';
import { omit } from '../core/omit.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Span } from '../core/source.ts';
import { Unknown, Unresolved } from '../core/unknown.ts';
import { findUnknown, typeName, type Value } from '../core/value.ts';
import { printed } from '../expression/print-value.ts';
import { holds } from './compile-expression.ts';
import type { Expression, Scope, Template } from './template.ts';

/** What conditions come to: an unknown one decides nothing unless another is false. */
export type Verdict =
  | { readonly kind: 'true' }
  | { readonly kind: 'false'; readonly by: Expression }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** The value, with nothing unknown in it. @throws Unresolved */
export function resolved(value: Value): Value {
  const unknown = findUnknown(value);
  if (unknown !== null) throw new Unresolved(unknown);
  return value;
}

/** All conditions together, in order; the first false one ends it. @throws Failure when one is no boolean */
export function judge(conditions: readonly Expression[], scope: Scope): Verdict {
  let unknown: Unknown | null = null;
  for (const condition of conditions) {
    const value = holds(condition, scope);
    if (value instanceof Unknown) unknown ??= value;
    else if (!value) return { kind: 'false', by: condition };
  }
  return unknown === null ? { kind: 'true' } : { kind: 'unknown', unknown };
}

/** The end of a task that a false condition of `when` skips. */
export function skippedBy(condition: Expression): Outcome {
  if (/^\(ansible_verbosity >= (?:\d+|\(.*\) \| int)\)$/.test(condition.text))
    return { kind: 'skipped', because: 'verbosity', output: {} };
  const written = condition.text === 'false' ? false : condition.text;
  return { kind: 'skipped', because: 'when', output: { false_condition: written } };
}

/** A keyword such as `become` or `ignore_errors`; `fallback` when it is not written. @throws Failure, Unresolved */
export function flag(template: Template | null | undefined, scope: Scope, fallback: boolean): boolean {
  if (template === null || template === undefined) return fallback;
  const value = given(template, scope);
  return value === null ? fallback : truth(value, template.span);
}

/** What a keyword comes to; `null`: it is not written, or is `omit`. */
function given(template: Template | null | undefined, scope: Scope): Value {
  if (template === null || template === undefined) return null;
  const value = resolved(template.render(scope));
  return value === omit ? null : value;
}

/** What a template gives; `otherwise` where it gives nothing. */
export function renderedOr<T>(otherwise: T, template: Template, scope: Scope): Value | T {
  return toldOr(otherwise, () => template.render(scope));
}

/** What is told; `otherwise` where that fails. */
export function toldOr<T, O>(otherwise: O, tell: () => T): T | O {
  try {
    return tell();
  } catch (thrown) {
    if (thrown instanceof Failure) return otherwise;
    throw thrown;
  }
}

/** A value that must be true or false, or a word or number that means it. `span`: where to complain. @throws Failure */
export function truth(value: Value, span: Span): boolean {
  if (typeof value === 'boolean') return value;
  const digit = numberIn(value);
  if (digit === 0 || digit === 1) return digit === 1;
  if (typeof value === 'string' && /^(true|yes|on|1)$/i.test(value)) return true;
  if (typeof value === 'string' && /^(false|no|off|0)$/i.test(value)) return false;
  throw new Failure(
    {
      code: 'HAPB7041',
      message: `this must be true or false, but is a ${typeName(value)}`,
      hint: 'Write true or false.',
    },
    span,
  );
}

/** Whether a keyword is true for sure: not where only a run tells. @throws Failure */
export function surely(template: Template | null | undefined, scope: Scope): boolean {
  try {
    return flag(template, scope, false);
  } catch (thrown) {
    if (thrown instanceof Unresolved) return false;
    throw thrown;
  }
}

/** A keyword that holds a number; `null` when it is not written. @throws Failure, Unresolved */
export function number(template: Template | null | undefined, scope: Scope): number | null {
  const value = given(template, scope);
  if (value === null) return null;
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : numberIn(value);
  if (parsed !== null && Number.isFinite(parsed)) return parsed;
  throw wrong(template, {
    code: 'HAPB7042',
    message: `this must be a number, but is a ${typeName(value)}`,
    hint: 'Write a number.',
  });
}

/** A keyword that holds a text; `null` when it is not written. @throws Failure, Unresolved */
export function text(template: Template | null | undefined, scope: Scope): string | null {
  const value = given(template, scope);
  if (value === null || typeof value === 'string') return value;
  if (numberIn(value) !== null) return printed(value);
  throw wrong(template, {
    code: 'HAPB7043',
    message: `this must be a text, but is a ${typeName(value)}`,
    hint: 'Write a name, in quotes if need be.',
  });
}

/** The host that a keyword names; an empty one as written names none, but nothing may be worked out to be empty. @throws Failure HAPB7043 */
export function hostName(template: Template | null | undefined, scope: Scope): string | null {
  const name = text(template, scope);
  if (name !== '') return name;
  if (template?.constant === true) return null;
  throw wrong(template, {
    code: 'HAPB7043',
    message: 'this must name a host, but comes to an empty text',
    hint: 'Let it come to a name, or to omit where the task is to run on its own host.',
  });
}

function wrong(template: Template | null | undefined, problem: Problem): Failure {
  return new Failure(problem, template?.span);
}
