import type { Value, ValueMap } from '../core/value.ts';
import type { Scope } from '../template/template.ts';

/** What a map looks up when somebody looks into it. */
export interface LazyValues {
  /** Names that are told to who goes through the map. */
  names(): readonly string[];
  /** `undefined`: there is none. Names that are not told may be there too. */
  find(name: string): Value | undefined;
}

/** A map that costs nothing until it is used: neither its names nor its values are gathered before. */
export function lazyMap({ names, find }: LazyValues): ValueMap {
  const told = (name: string | symbol): name is string => typeof name === 'string';
  const handler: ProxyHandler<Record<string, Value>> = {
    get: (_target, name) => (told(name) ? find(name) : undefined),
    has: (_target, name) => told(name) && isThere(find, name),
    ownKeys: () => [...names()],
    getOwnPropertyDescriptor: (_target, name) =>
      told(name) && isThere(find, name)
        ? { enumerable: true, configurable: true, get: () => find(name) }
        : undefined,
  };
  return new Proxy(Object.create(null) as Record<string, Value>, handler);
}

/** What cannot be worked out is there: why it cannot is said to who asks for its value. */
function isThere(find: LazyValues['find'], name: string): boolean {
  try {
    return find(name) !== undefined;
  } catch {
    return true;
  }
}

/** The names of a scope as a map. `without`: one that is left out. */
export function scopeMap(scope: () => Scope, without: string): ValueMap {
  return lazyMap({
    names: () =>
      scope()
        .names()
        .filter((name) => name !== without),
    find: (name) => (name === without ? undefined : scope().lookup(name)),
  });
}
