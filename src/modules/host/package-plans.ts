import { Unknown } from '../../core/unknown.ts';
import type { Cause } from './cause.ts';
import { isAbsent } from './real-paths.ts';

/** A package that a task would change. `perhaps`: it may be so or otherwise. `version: null`: any. `file: null`: a list offers it. */
export interface PackageWish {
  readonly name: string;
  readonly wanted: 'there' | 'gone' | 'perhaps';
  readonly version: string | null;
  readonly file: string | null;
}

/** What tasks would do to packages. `cause`: all of these tasks. `any`: the task that may change each of them; `null`: none. */
export interface PackagePlans {
  readonly wishes: readonly PackageWish[];
  readonly cause: Cause;
  readonly any: Cause | null;
  /** `read-anew`: what is offered may be something else by then. */
  readonly lists: 'as-they-are' | 'read-anew';
  /** `turned`: one that a task would install another would remove, or the other way round. */
  readonly order: 'straight' | 'turned';
}

/** What is to become of a package, by what is foreseen of it. */
export function wishOf(key: string, state: unknown): PackageWish {
  const name = key.slice('package:'.length);
  if (state instanceof Unknown) return { name, wanted: 'perhaps', version: null, file: null };
  const { version = null, file = null } = state as {
    readonly version?: string | null;
    readonly file?: string;
  };
  return { name, wanted: isAbsent(state) ? 'gone' : 'there', version, file };
}
