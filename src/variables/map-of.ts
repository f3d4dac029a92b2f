import type { Value } from '../core/value.ts';
import type { Scope } from '../template/template.ts';

/** The names of a scope as a map, each worked out when it is used. `without`: names that are left out. */
export function mapOf(scope: Scope, without: readonly string[] = []): Readonly<Record<string, Value>> {
  const all: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const name of scope.names()) {
    if (!without.includes(name))
      Object.defineProperty(all, name, { enumerable: true, get: () => scope.lookup(name) ?? null });
  }
  return all;
}
