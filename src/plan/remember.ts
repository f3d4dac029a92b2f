import type { Diagnostic } from '../core/diagnostic.ts';
import type { VarsTools } from '../variables/vars-file.ts';
import type { Compiler } from './compiler.ts';

interface Made<T> {
  readonly value: T;
  readonly problems: readonly Diagnostic[];
}

/**
 * Work on a piece of source that means the same wherever it stands: done once, however many plays and roles use the
 * piece. The problems that it finds are told at every use, since an include may tolerate them and a role not.
 */
export function remembering<K extends object, T>(): (compiler: Compiler, key: K, make: () => T) => T {
  const byTools = new WeakMap<VarsTools, WeakMap<K, Made<T>>>();
  return (compiler, key, make) => {
    const { problems, tools } = compiler;
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
