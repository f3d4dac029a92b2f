/** One reader of foreign input, and what it takes to reach far into it. */
export interface Target {
  readonly name: string;
  /** Whole inputs that are right, or nearly. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** Pieces of its language, to be put anywhere. */
  readonly words: readonly string[];
  /** Reads an input. @throws whatever is a defect: a crash, a rejection that is no diagnostic, a broken promise of the reader */
  readonly feed: (input: Buffer) => void | Promise<void>;
}

/** The longest that reading one input may take, in milliseconds of this process's own time, whatever else a machine does. */
export const maxMs = 1_000;

/** Feeds an input; the milliseconds of its own time that it took. @throws what `feed` throws */
export async function timed({ feed }: Target, input: Buffer): Promise<number> {
  const before = process.cpuUsage();
  await feed(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** An input as the text of a file; what is not UTF-8 never reaches a reader, as files are refused for it before. */
export function textOf(input: Buffer): string {
  return input.toString('utf8');
}
