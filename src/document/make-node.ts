import type { Span } from '../core/source.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode } from './node.ts';
import { type Offsets, type ScalarSource, scalarOffsets } from './scalar-offsets.ts';

/** A span of one file by offsets, `to` exclusive. */
export type SpanMaker = (from: number, to: number) => Span;

/** A scalar without text of its own to point into (a number, a key's missing value): every `spanOf` is its span. */
export function plainScalar(value: ScalarNode['value'], span: Span, tag: string | null = null): ScalarNode {
  return { kind: 'scalar', span, value, tag, spanOf: () => span };
}

/** A text whose characters are found again in its source. */
export function textScalar(value: string, source: ScalarSource, place: TextPlace): ScalarNode {
  let offsets: Offsets | null | undefined;
  return {
    kind: 'scalar',
    span: place.span,
    value,
    tag: place.tag,
    spanOf(start, end) {
      if (offsets === undefined) offsets = scalarOffsets(source, value);
      if (offsets === null || value === '') return place.span;
      const last = value.length - 1;
      const from = start > last ? offsets.ends[last] : offsets.starts[Math.max(0, start)];
      const to = end > start ? offsets.ends[Math.min(end - 1, last)] : from;
      if (from === undefined || to === undefined) return place.span;
      return place.make(from, Math.max(from, to));
    },
  };
}

/** Where a text stands and how spans inside it are made. */
export interface TextPlace {
  readonly span: Span;
  readonly tag: string | null;
  readonly make: SpanMaker;
}

/** A sequence node. */
export function listNode(items: readonly ListNode['items'][number][], span: Span): ListNode {
  return { kind: 'list', span, items };
}

/** A mapping node; keys must be unique already. */
export function mapNode(entries: readonly MapEntry[], span: Span): MapNode {
  return { kind: 'map', span, entries };
}
