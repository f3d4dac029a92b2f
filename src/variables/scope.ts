import { Failure } from '../core/failure.ts';
import { formatPlace, type Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Scope } from '../template/template.ts';
import type { Layer, VariableEntry } from './layer.ts';
import { rank } from './precedence.ts';
import { cycle, type Rendering, rendered } from './under-way.ts';

export type { Layer, VariableEntry } from './layer.ts';

/**
 * A scope over layers; a stronger level wins, of equal levels the later layer. Nothing is copied or rendered before it is
 * used, so that one may be made for every task on every host. A variable that is a template is rendered with this
 * scope's names and kept for its lifetime. @throws Failure from `lookup`: HAPB3002 for a cycle, or the template's own
 */
export function createScope(layers: readonly Layer[]): Scope {
  const ordered = strongestFirst(layers);
  const core: Core = {
    find(name) {
      for (const layer of ordered) {
        const found = foundIn(layer, name);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    recall: () => undefined,
    share: () => false,
    layers: () => ordered,
    files: layers.find(({ files }) => files !== undefined)?.files,
  };
  return scopeOver(core, []);
}

/**
 * The same scope with one more layer, for a loop's item or a task's own variables: costs nothing that grows with the
 * scope. The layer wins against its own level and weaker ones. What was rendered before is used again where it does
 * not depend on a name of the layer.
 */
export function extend(scope: Scope, layer: Layer): Scope {
  const parent = cores.get(scope);
  if (parent === undefined) return extend(adopt(scope), layer);
  const isFree = (names: ReadonlySet<string>): boolean => {
    for (const name of names) if (layer.entries.has(name)) return false;
    return layer.maybe === undefined;
  };
  const core: Core = {
    find(name) {
      const own = foundIn(layer, name);
      if (own === undefined) return parent.core.find(name);
      const inherited = parent.core.find(name);
      return inherited !== undefined && rank(inherited.layer.level) > rank(layer.level) ? inherited : own;
    },
    recall(name) {
      if (!isFree(new Set([name]))) return undefined;
      const earlier = parent.recall(name);
      if (earlier === undefined) return undefined;
      return isFree(earlier.touched) ? earlier : undefined;
    },
    share(name, kept) {
      if (layer.entries.has(name) || !isFree(kept.touched)) return false;
      parent.keep(name, kept);
      return true;
    },
    layers: () => strongestFirst([...[...parent.core.layers()].reverse(), layer]),
    files: parent.core.files,
  };
  return scopeOver(core, parent.underWay);
}

/** What variables come to together, without those that cannot be worked out. */
export function valuesOf(entries: Layer['entries'], scope: Scope): Readonly<Record<string, Value>> {
  const inner = extend(scope, { level: 'include_vars', source: 'variables', entries });
  const values: Record<string, Value> = {};
  for (const [name, entry] of entries) {
    try {
      const value =
        entry.kind === 'value'
          ? entry.value
          : entry.kind === 'lazy'
            ? entry.get()
            : entry.template.render(inner);
      if (value !== undefined) values[name] = value;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
    }
  }
  return values;
}

/** Where a variable's value comes from, and what it hides. */
export interface Explanation {
  readonly name: string;
  /** `null`: not defined. */
  readonly winner: Origin | null;
  /** Weaker places where it is set too, strongest first. */
  readonly hidden: readonly Origin[];
}

/** One place where a variable is set. `span` is `null` for what hapb or a host set. */
export interface Origin {
  readonly level: Layer['level'];
  readonly source: string;
  readonly span: Span | null;
}

/** Which place won, and what it hid. Renders nothing. */
export function explain(scope: Scope, name: string): Explanation {
  const origins: Origin[] = [];
  for (const layer of cores.get(scope)?.core.layers() ?? []) {
    const entry = layer.entries.get(name);
    if (entry === undefined) continue;
    origins.push({
      level: layer.level,
      source: layer.source,
      span: entry.kind === 'lazy' ? null : entry.span,
    });
  }
  const [winner, ...hidden] = origins;
  return { name, winner: winner ?? null, hidden };
}

/** Which of these names are set, by a winning entry or a hidden one, in a layer that `counts`. */
export function namesSetAt(
  scope: Scope,
  names: readonly string[],
  counts: (layer: Layer) => boolean,
): readonly string[] {
  const layers = (cores.get(scope)?.core.layers() ?? []).filter(counts);
  return names.filter((name) => layers.some(({ entries }) => entries.has(name)));
}

/** An explanation as text: one line for the winner, one for each place it hides. */
export function formatExplanation({ name, winner, hidden }: Explanation): string {
  if (winner === null) return `${name} is not defined`;
  const place = ({ level, source, span }: Origin): string =>
    `${span === null ? source : formatPlace(span)} (${level})`;
  return [
    `${name} is set at ${place(winner)}`,
    ...hidden.map((origin) => `  which hides ${place(origin)}`),
  ].join('\n');
}

interface Found {
  readonly layer: Layer;
  readonly entry: VariableEntry;
  /** The value of a lazy entry, worked out to see whether it is set. */
  readonly lazy?: Value;
}

interface Kept {
  readonly value: Value | undefined;
  /** Names that were looked up on the way. */
  readonly touched: ReadonlySet<string>;
}

interface Core {
  find(name: string): Found | undefined;
  /** What a wider scope has rendered already and that holds here too. */
  recall(name: string): Kept | undefined;
  /** Hands a value to the wider scope when it holds there too; `false` when it does not. */
  share(name: string, kept: Kept): boolean;
  /** Strongest first. */
  layers(): readonly Layer[];
  readonly files: Scope['files'];
}

interface Inner {
  readonly core: Core;
  recall(name: string): Kept | undefined;
  keep(name: string, kept: Kept): void;
  /** Variables that are being rendered, outermost first; shared with scopes made by `extend`. */
  readonly underWay: Rendering[];
}

const cores = new WeakMap<Scope, Inner>();

function scopeOver(core: Core, underWay: Rendering[]): Scope {
  const kept = new Map<string, Kept>();
  const recall = (name: string): Kept | undefined => kept.get(name) ?? core.recall(name);
  const keep = (name: string, found: Kept): void => {
    if (!core.share(name, found)) kept.set(name, found);
  };
  const lookup = (name: string): Value | undefined => {
    const around = underWay[underWay.length - 1];
    around?.touched.add(name);
    const earlier = recall(name);
    if (earlier !== undefined) {
      if (around !== undefined) for (const touched of earlier.touched) around.touched.add(touched);
      return earlier.value;
    }
    const found = core.find(name);
    if (found === undefined) return undefined;
    const { entry } = found;
    if (entry.kind === 'value') return entry.value;
    if (entry.kind === 'lazy') {
      keep(name, { value: found.lazy, touched: new Set() });
      return found.lazy;
    }
    const self = underWay.findIndex((rendering) => rendering.entry === entry);
    const outer = underWay[self];
    if (outer !== undefined) {
      // What these come to now is not what they come to when the outer one is complete.
      for (const inner of underWay.slice(self + 1)) inner.lasts = false;
      if (outer.unfinished === null || outer.scope !== scope) throw cycle(underWay, { name, entry });
      outer.lent = true;
      return outer.unfinished.look();
    }
    const rendering: Rendering = {
      name,
      entry,
      scope,
      touched: new Set(),
      unfinished: null,
      lent: false,
      lasts: true,
    };
    underWay.push(rendering);
    try {
      const value = rendered(rendering, entry.template, () => cycle(underWay, { name, entry }));
      if (rendering.lasts) keep(name, { value, touched: rendering.touched });
      return value;
    } finally {
      underWay.pop();
      if (around !== undefined) for (const touched of rendering.touched) around.touched.add(touched);
    }
  };
  const names = (): readonly string[] => {
    const all = new Set<string>();
    for (const layer of core.layers()) for (const name of layer.entries.keys()) all.add(name);
    return [...all];
  };
  const scope: Scope = { lookup, names, files: core.files };
  cores.set(scope, { core, recall, keep, underWay });
  return scope;
}

/** What a layer alone has for a name, or may have; a lazy entry without a value is not there. */
function foundIn(layer: Layer, name: string): Found | undefined {
  const entry = layer.entries.get(name);
  if (entry === undefined) {
    const why = layer.maybe?.(name);
    return why === undefined ? undefined : { layer, entry: { kind: 'value', value: why, span: null } };
  }
  if (entry.kind !== 'lazy') return { layer, entry };
  const lazy = entry.get();
  return lazy === undefined ? undefined : { layer, entry, lazy };
}

/** A scope made elsewhere (in tests, say) as one that can be extended. */
function adopt(scope: Scope): Scope {
  const find = (name: string): Found | undefined => {
    const value = scope.lookup(name);
    if (value === undefined) return undefined;
    const layer: Layer = { level: 'command line values', source: 'scope', entries: new Map() };
    return { layer, entry: { kind: 'value', value, span: null } };
  };
  const entries = (): Layer['entries'] =>
    new Map(scope.names().map((name) => [name, { kind: 'lazy', get: () => scope.lookup(name) }]));
  const layers = (): readonly Layer[] => [
    { level: 'command line values', source: 'scope', entries: entries() },
  ];
  return scopeOver({ find, recall: () => undefined, share: () => false, layers, files: scope.files }, []);
}

function strongestFirst(layers: readonly Layer[]): readonly Layer[] {
  const ordered = [...layers].reverse();
  const isOrdered = ordered.every(
    (layer, index) => index === 0 || rank(ordered[index - 1]?.level ?? 'magic') >= rank(layer.level),
  );
  return isOrdered ? ordered : ordered.sort((a, b) => rank(b.level) - rank(a.level));
}
