import type { Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Range } from './node.ts';

/** What names mean while an expression is evaluated. */
export interface Names {
  /** The value of a variable; `undefined` when it is not defined. May throw Failure. */
  lookup(name: string): Value | undefined;
  /** Every name that `lookup` would find, for "did you mean". */
  names(): readonly string[];
}

/** Where an expression is evaluated. */
export interface Setting {
  readonly names: Names;
  /** The source span of a part of the expression. */
  readonly place: (range: Range) => Span;
}

/**
 * The value of `omit`. Maps and lists that are rendered drop an entry with it; a caller that renders one value compares
 * with `===`. It has no other use.
 */
export const omit: Value = Object.freeze(
  Object.assign(Object.create(null) as Record<string, Value>, { omit: true }),
);
