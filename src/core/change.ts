import type { Text } from './secret.ts';
import type { Unknown } from './unknown.ts';

/** One difference for `--diff`. `null` means "not there". Key lines such as `mode: 0644` are texts too. */
export interface Edit {
  /** What differs: a path, or words such as `package containerd`. */
  readonly subject: string;
  readonly before: Text | null;
  readonly after: Text | null;
  /**
   * Where a check can say no more of a text, what a run will show there; `*` stands for anything. Absent: the same. A subject
   * stands for any number of edits whose subjects fit.
   */
  readonly fits?: { readonly subject?: string; readonly before?: string; readonly after?: string };
  /** What may put another content there before, in a check: the task that would install a package. Absent: nothing known. */
  readonly bringer?: string;
  /** Since when it is as it is now, in milliseconds since 1970 by the host's clock; absent: not asked for, or no file. */
  readonly sinceMs?: number;
}

/**
 * What will be true of a host once a change is applied, in the vocabulary of asks: the answer that the ask with this
 * key will give. `Unknown` when the change touches it in a way that cannot be foreseen.
 */
export interface Effect {
  /** For example `file:/etc/hosts` or `package:containerd`; `file:/mnt/data/*` is true of all below. */
  readonly key: string;
  readonly state: unknown;
  /** The host it is true of; absent: the task's own. */
  readonly host?: string;
}

/** How sure a forecast is. */
export type Forecast =
  | { readonly kind: 'known' }
  /** A command: only running it tells. The task's check outcome is `unknown` with this reason. */
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** What a module wants done, decided from the state it asked for. */
export interface Change {
  /** Imperative: `write /etc/motd (0644)`. */
  readonly summary: string;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
  readonly forecast: Forecast;
}

/** The forecast of a change that a module can foresee whole. */
export const known: Forecast = { kind: 'known' };
