import type { DiagnosticCode } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

/** A syntax error as YAML's parser tells it; offsets into the text. */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** What the explanations look at. */
export interface YamlSource {
  readonly text: string;
  /** Offsets [from, to) of every quoted scalar that runs over more than one line or is not closed. */
  readonly longQuotes: readonly { readonly from: number; readonly to: number }[];
  span(from: number, to: number): Span;
}

/** What a problem means, in words that name the remedy, and its place. */
export interface Explanation {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
  readonly from: number;
  readonly to: number;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}
