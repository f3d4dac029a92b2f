import type { Value } from '../../../core/value.ts';

/** Facts by their names without `ansible_`. */
export type Facts = Readonly<Record<string, Value>>;

/** Facts that are asked for together: one piece of read-only sh, and how to read the lines that it prints. */
export interface FactSource {
  /** Its heading in the script's output; a name for `gather_subset` too. */
  readonly name: string;
  /** Wider names that `gather_subset` knows it by: `hardware`, `network`, `virtual`, `min`. */
  readonly subsets: readonly string[];
  /** Names of the facts that it gives; `*` stands for any rest of a name. */
  readonly gives: readonly string[];
  /** What they hang on that tasks may change, in the vocabulary of asks; `$1` as in `sh`. Absent: nothing of it. */
  readonly reads?: readonly string[];
  /** Which of its facts that concerns; absent: all. */
  readonly unsure?: readonly string[];
  /** What the host runs. `f NAME PATH` of script.ts prints the first line of a file as `NAME=…`, where it can be read. */
  readonly sh: string;
  readonly read: (lines: readonly string[]) => Facts;
}

/** `name=value` and `name: value` lines as a map; without a separator the line is left out. */
export function fields(lines: readonly string[], separator: '=' | ':'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(separator);
    if (at > 0) found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return found;
}

/** A whole number, or what is given in its place. */
export function whole<T>(text: string | undefined, otherwise: T): number | T {
  return text !== undefined && /^-?\d+$/.test(text.trim()) ? Number(text) : otherwise;
}
