import type { Value } from '../core/value.ts';
import type { Node } from './node.ts';
import type { Missing } from './problems.ts';
import type { Setting } from './scope.ts';

/** Evaluates nodes in one setting; what the parts of the evaluator call for the nodes below theirs. */
export interface Evaluator {
  readonly setting: Setting;
  /** The value, or why there is none. */
  maybe(node: Node): Value | Missing;
  /** The value; fails where there is none. */
  value(node: Node): Value;
  /** As `value`, but an `if` without `else` gives an empty text, as where values are printed or judged. */
  textual(node: Node): Value;
}
