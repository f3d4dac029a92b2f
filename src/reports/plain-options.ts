import type { SourceOf } from '../core/print-diagnostic.ts';
import type { Screen } from './screen.ts';

/** What the plain report shows. */
export interface PlainOptions {
  readonly screen: Screen;
  /** Number of `-v`: 1 results and progress, 2 task paths and notifications, 3 connections. */
  readonly verbosity: number;
  readonly diff: 'show' | 'hide';
  /** Texts of the files that diagnostics point into. */
  readonly source: SourceOf;
}
