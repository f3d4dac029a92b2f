/** See OutputChoice. */
export type OutputKind = 'plain' | 'tree' | 'jsonl' | 'junit' | 'html';

/** One report that was asked for. `file: null`: standard output. */
export interface OutputChoice {
  readonly kind: OutputKind;
  readonly file: string | null;
}

/** A place that a report writes to. */
export interface Sink {
  write(text: string): void;
  /** Resolves when all is written. */
  close(): Promise<void>;
}
