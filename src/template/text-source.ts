import type { Span } from '../core/source.ts';
import type { Range } from '../expression/node.ts';
import type { Escapes } from '../expression/token.ts';

/** A text and where its parts stand. */
export interface TextSource {
  readonly text: string;
  readonly span: Span;
  /** The span in the file of a part of the text. */
  readonly place: (range: Range) => Span;
  readonly escapes: Escapes;
}
