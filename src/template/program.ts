import type { CompiledExpression } from '../expression/compile.ts';
import type { BlockName } from './own-mustache.ts';

/** One place of a text that is computed, and the names of the blocks around it that it uses. */
export interface Slot {
  readonly expression: CompiledExpression;
  readonly use: SlotUse;
  /** Names bound by blocks, in the order in which the program hands them over. */
  readonly locals: readonly string[];
  /** All names bound by blocks around it, for "did you mean". */
  readonly visible: readonly string[];
  /** Whether plain names are keys of the present item first, as in an `#each` without `as |item|`. */
  readonly inItem: boolean;
}

/** What becomes of a slot's value: printed, judged true or false, looped over, or made the present item. */
export type SlotUse = 'output' | 'judge' | 'loop' | 'item';

/** A text as a Handlebars program, each `{{__hapb N}}` of which is a slot or, in `verbatim`, a text of its own. */
export interface Program {
  readonly source: string;
  readonly slots: readonly (Slot | string)[];
}

/** How the argument of each block is used. */
export const useOfBlock: Readonly<Record<BlockName, SlotUse>> = {
  if: 'judge',
  unless: 'judge',
  each: 'loop',
  with: 'item',
};
