import { readFileSync, writeFileSync } from 'node:fs';
import { type Cell, cellName, type FaultName, type Struck } from './cells.ts';
import type { StoryEnd } from './story.ts';

/** What one story on bare nodes came to, as it is kept. */
export interface KeptStory {
  readonly runs: number;
  readonly seconds: number;
  readonly executions: StoryEnd['executions'];
  readonly problems: readonly string[];
}

/** A column of the matrix. */
export interface Column {
  /** What was tried. */
  readonly commit: string;
  readonly cells: readonly Struck[];
  /** Instants that never came, named. */
  readonly left: readonly string[];
  readonly stories: readonly KeptStory[];
}

/** All that was run, by fault; columns are run and kept one by one. */
export interface Results {
  readonly columns: Readonly<Partial<Record<FaultName, Column>>>;
}

/** What a file holds; empty when there is none yet. */
export function readResults(path: string): Results {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Results;
  } catch {
    return { columns: {} };
  }
}

/** Keeps a column. */
export function keep(path: string, results: Results, fault: FaultName, column: Column): Results {
  const next = { columns: { ...results.columns, [fault]: column } };
  writeFileSync(path, `${JSON.stringify(next, null, 1)}\n`);
  return next;
}

/** A column with a story more. */
export function withStory(column: Column, end: StoryEnd): Column {
  const { runs, seconds, executions, problems } = end;
  return {
    commit: column.commit,
    cells: [...column.cells, ...end.cells],
    left: end.left.map((cell: Cell) => cellName(cell)),
    stories: [...column.stories, { runs, seconds, executions, problems }],
  };
}

/** How many cells and stories are not as they must be. */
export function problemsOf({ cells, stories }: Column): number {
  return [...cells, ...stories].filter(({ problems }) => problems.length > 0).length;
}
