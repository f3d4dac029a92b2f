import type { Edit } from './change.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Span } from './source.ts';
import type { Output } from './value.ts';

/** A change as reports see it: without effects and without a module's private plan. */
export interface ShownChange {
  readonly summary: string;
  readonly edits: readonly Edit[];
  /** `summary`: the task says `diff: false`, so the edits are left out. */
  readonly detail?: 'summary';
}

/** Why a task did not run on a host. */
export type SkipReason =
  | 'when'
  /** A `debug` below its verbosity. */
  | 'verbosity'
  | 'empty-loop'
  /** In a real run, of a task with `check_mode: true`: only a run of its own would tell. */
  | 'only-checked'
  | 'host-failed'
  | 'aborted'
  | 'not-this-host';

/** How a task, or one item of its loop, ended on a host. The first three exist in a run, `would-*` and `unknown` in check mode. */
export type Outcome =
  | { readonly kind: 'ok'; readonly output: Output }
  | { readonly kind: 'changed'; readonly change: ShownChange | null; readonly output: Output }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic; readonly output: Output }
  | { readonly kind: 'would-change'; readonly change: ShownChange; readonly output: Output }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly cause: Span | null;
      readonly output: Output;
    }
  /** `change`: what a run changes before `failed_when` holds. */
  | {
      readonly kind: 'would-fail';
      readonly diagnostic: Diagnostic;
      readonly output: Output;
      readonly change?: ShownChange;
    }
  | { readonly kind: 'skipped'; readonly because: SkipReason; readonly output: Output }
  /** `output`: only of a loop, which goes on with its other items. */
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic; readonly output?: Output };
