import type { Span } from '../core/source.ts';

/** A YAML document (or JSON, INI) as located data; what every loader reads. Aliases and merge keys are already resolved. */
export type DocNode = ScalarNode | ListNode | MapNode;

/** A scalar. `tag` is a custom tag such as `!vault`, else `null`. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: null | boolean | number | string;
  readonly tag: string | null;
  /** Of a whole number: it is written as a float, such as 3.0. */
  readonly float?: true;
  /**
   * For string scalars: the source span of characters [start, end) of `value`, also inside block and folded scalars
   * and across escapes as far as that is possible; the whole scalar's span otherwise.
   */
  spanOf(start: number, end: number): Span;
}

/** A sequence. */
export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly DocNode[];
}

/** A mapping with unique string keys, in file order. */
export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly MapEntry[];
}

/** One key and its value. `span` of the entry is the key's. */
export interface MapEntry {
  readonly key: string;
  readonly span: Span;
  readonly value: DocNode;
}

/** The value under `key`, or `undefined`. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}
