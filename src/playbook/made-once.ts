import type { Diagnostic } from '../core/diagnostic.ts';
import type { VarsTools } from '../variables/vars-file.ts';

/** Where problems are told, and what opens encrypted files. */
export interface Making {
  readonly problems: Diagnostic[];
  readonly tools: VarsTools;
}

interface Made<T> {
  readonly value: T;
  readonly problems: readonly Diagnostic[];
}

/**
 * Work on a piece of source that means the same wherever it stands: done once, however many plays and roles use the
 * piece. The problems that it finds are told at every use, since an include may tolerate them and a role not.
 */
export function remembering<K extends object, T>(): (making: Making, key: K, make: () => T) => T {
  const byTools = new WeakMap<VarsTools, WeakMap<K, Made<T>>>();
  return ({ problems, tools }, key, make) => {
    let all = byTools.get(tools);
    if (all === undefined) {
      all = new WeakMap();
      byTools.set(tools, all);
    }
    const known = all.get(key);
    if (known !== undefined) {
      if (known.problems.length > 0) problems.push(...known.problems);
      return known.value;
    }
    const before = problems.length;
    const value = make();
    all.set(key, { value, problems: problems.slice(before) });
    return value;
  };
}
