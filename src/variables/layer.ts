import type { Span } from '../core/source.ts';
import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Files } from '../expression/scope.ts';
import type { Template } from '../template/template.ts';
import type { Level } from './precedence.ts';

/** What a name stands for. */
export type VariableEntry =
  /** Rendered where it is used, with the names that count there. */
  | { readonly kind: 'template'; readonly template: Template; readonly span: Span }
  /** Data; never compiled. */
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span | null }
  /** Worked out at the first use in a scope; `undefined` counts as not defined. */
  | { readonly kind: 'lazy'; get(): Value | undefined };

/** Variables that were set together. The map may be shared and grow between scopes. */
export interface Layer {
  readonly level: Level;
  /** Where they come from, for people: a file, `--extra-vars`. */
  readonly source: string;
  readonly entries: ReadonlyMap<string, VariableEntry>;
  /** Why a name that is not among the entries may be set here all the same; `undefined`: it is not. Absent: none is. */
  readonly maybe?: (name: string) => Unknown | undefined;
  /** The folder for whose playbooks alone it counts, absolute. Absent: it counts for all. */
  readonly beside?: string;
  /** What reads files for the lookups of scopes with this layer. Absent: another layer's does. */
  readonly files?: Files;
}

/** Without those that count only for playbooks of other folders. */
export function layersBeside(layers: readonly Layer[], folder: string): readonly Layer[] {
  return layers.filter(({ beside }) => beside === undefined || beside === folder);
}

/** A layer of data. */
export function valueLayer(level: Level, source: string, values: Readonly<Record<string, Value>>): Layer {
  const entries = new Map<string, VariableEntry>();
  for (const [name, value] of Object.entries(values)) entries.set(name, { kind: 'value', value, span: null });
  return { level, source, entries };
}
