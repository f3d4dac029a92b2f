/** A place that a report writes to. */
export interface Sink {
  write(text: string): void;
  /** Resolves when all is written. */
  close(): Promise<void>;
}
