import type { SearchPlace } from '../../expression/first-found.ts';
import type { Files } from '../../expression/scope.ts';

/** What a loop may look at besides its terms. */
export interface LoopPlace extends SearchPlace {
  /** Names of the hosts that a pattern selects. @throws Failure */
  hosts(pattern: string): readonly string[];
  readonly files: Files | undefined;
}
