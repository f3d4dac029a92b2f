import type { Effect } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Query } from '../ask.ts';

/** What an overlay knows of a question. */
export type Foreseen =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** What a check has foreseen on one host so far, by the keys of the ask vocabulary. Empty in a real run. */
export class Overlay {
  readonly #states = new Map<string, unknown>();
  readonly #causes = new Map<string, string>();

  /** Learns what a task would do. `cause`: the task, for reasons. */
  learn(effect: Effect, cause: string): void {
    this.#states.set(effect.key, effect.state);
    this.#causes.set(effect.key, cause);
  }

  /** The answer to a question as far as foreseen effects decide it. */
  answer(query: Query): Foreseen {
    if (this.#states.size === 0) return { kind: 'untouched' };
    if (this.#states.has(query.key)) {
      const state = this.#states.get(query.key);
      if (!(state instanceof Unknown) && query.covers?.(state) === false) {
        const cause = this.#causes.get(query.key) ?? 'an earlier task';
        return { kind: 'unknown', unknown: new Unknown(`${cause} would change ${query.key} in part`) };
      }
      return state instanceof Unknown ? { kind: 'unknown', unknown: state } : { kind: 'state', state };
    }
    for (const [key, cause] of this.#causes) {
      if (query.reads.some((pattern) => matches(pattern, key))) {
        const reason = `${query.key} depends on ${key}, which ${cause} would change`;
        return { kind: 'unknown', unknown: new Unknown(reason) };
      }
    }
    return { kind: 'untouched' };
  }
}

function matches(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
