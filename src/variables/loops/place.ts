import type { Value } from '../../core/value.ts';

/** What a loop may look at besides its terms. */
export interface LoopPlace {
  /** Folders in which relative names of files are looked up, nearest first. */
  readonly folders: readonly string[];
  /** The folder inside each of them that is looked at first, such as `files`. */
  readonly kind: string;
  /** Names of the hosts that a pattern selects. @throws Failure */
  hosts(pattern: string): readonly string[];
}

/** Whether a flag among a loop's terms is set, in any of the ways in which playbooks write it. */
export function isYes(value: Value | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|yes|on|y|t|1)$/i.test(value));
}
