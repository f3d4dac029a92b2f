import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Layer, VariableEntry } from './layer.ts';
import { lazyMap } from './lazy-map.ts';
import { lazyLayer } from './magic.ts';

/** Variables that a host has got in the course of a run. */
export interface HostVariables {
  readonly name: string;
  /** Gathered facts by their injected names (`ansible_hostname`). */
  readonly facts: Map<string, VariableEntry>;
  /** What `include_vars` has read. */
  readonly included: Map<string, VariableEntry>;
  /** `register` and `set_fact`. */
  readonly registered: Map<string, VariableEntry>;
  /** Where a run sets names that nobody can tell before it, and why. A text that ends in `*` stands for facts that begin so. */
  readonly open: Map<string, Unknown>;
}

/** Those of a host about which nothing is known yet. */
export function freshVariables(name: string): HostVariables {
  return { name, facts: new Map(), included: new Map(), registered: new Map(), open: new Map() };
}

/** Those that only gathering has had a part in. */
export function gathered({ name, facts, open }: HostVariables): HostVariables {
  const ofFacts = [...open].filter(([kind]) => kind.endsWith('*'));
  return { ...freshVariables(name), facts, open: new Map(ofFacts) };
}

/**
 * Takes it that any name may be set: by `include_vars` (`variables`), by `set_fact` (`registered`), by `tasks`, or as a fact
 * that begins so (`ansible_*`). Each is unknown until a later word on it, where it is not set at a stronger level; of facts
 * only those that were not found before.
 */
export function openUp(host: HostVariables, what: string, why: Unknown): void {
  for (const kind of what === 'tasks' ? ['variables', 'registered', 'ansible_*'] : [what]) {
    host.open.set(kind, why);
    const known = kind === 'variables' ? host.included : kind === 'registered' ? host.registered : new Map();
    for (const name of [...known.keys()]) known.set(name, { kind: 'value', value: why, span: null });
  }
}

/** The layers of a host, the weakest first. */
export interface HostLayers {
  readonly missing: Layer;
  /** A task may always ask for the address of its host; others do not see it through `hostvars`. */
  readonly address: Layer;
  readonly facts: Layer;
  readonly included: Layer;
  readonly registered: Layer;
  /** `ansible_facts`. */
  readonly named: Layer;
}

const layersOf = new WeakMap<HostVariables, HostLayers>();

/** The layers of these variables, made once as long as nothing is open: every task on every host has a scope of them. */
export function hostLayers(host: HostVariables): HostLayers {
  if (host.open.size > 0) return layersNow(host);
  const made = layersOf.get(host) ?? layersNow(host);
  layersOf.set(host, made);
  return made;
}

function layersNow(host: HostVariables): HostLayers {
  const { name, facts, included, registered, open } = host;
  const maybe = (kind: string): Pick<Layer, 'maybe'> => {
    const why = open.get(kind);
    // It is taken for granted that what is set does not lead to the host.
    return why === undefined ? {} : { maybe: (word) => (word.startsWith('ansible_') ? undefined : why) };
  };
  const missing = (word: string): Unknown | undefined =>
    leadsToHost.test(word) ? undefined : missingFact(open, word);
  return {
    missing: {
      level: 'command line values',
      source: 'hapb',
      entries: new Map(),
      ...(open.size === 0 ? {} : { maybe: missing }),
    },
    // The weakest word of the inventory.
    address: { ...lazyLayer([['ansible_host', () => name]]), level: 'inventory group vars' },
    named: lazyLayer([['ansible_facts', () => factsOf(host)]]),
    facts: { level: 'facts', source: `facts of ${name}`, entries: facts },
    included: { level: 'include_vars', source: `read for ${name}`, entries: included, ...maybe('variables') },
    registered: {
      level: 'set_fact and registered vars',
      source: `set on ${name}`,
      entries: registered,
      ...maybe('registered'),
    },
  };
}

/** What a host's facts are called behind `ansible_facts`. */
export function factsOf({ facts, open }: HostVariables): Value {
  const known: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [name, entry] of facts) {
    if (entry.kind === 'value') known[name.replace(/^ansible_/, '')] = entry.value;
  }
  if (open.size === 0) return known;
  return lazyMap({
    names: () => Object.keys(known),
    find: (name) => known[name] ?? open.get('ansible_*') ?? missingFact(open, name),
  });
}

function missingFact(open: HostVariables['open'], name: string): Unknown | undefined {
  return [...open].find(([kind]) => kind.endsWith('*') && name.startsWith(kind.slice(0, -1)))?.[1];
}

/** Variables of the connection, which are no facts. */
const leadsToHost =
  /^ansible_(?:(?:connection|host|host_key_checking|password|port|private_key_file|timeout|user)$|(?:become|sudo|su|doas)(?:_|$)|ssh_(?!host_key_))/;
