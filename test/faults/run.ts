import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { lab } from '../lab/rig/lab.ts';
import { type Cell, cellsOf, type FaultName, faultNames, type Struck, type StruckTask } from './cells.ts';
import { type Column, keep, problemsOf, readResults, withStory } from './results.ts';
import { sampleOf } from './sample.ts';
import { Story } from './story.ts';
import { writePage } from './table.ts';
import { tasksOfPlaybook } from './tasks.ts';

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const empty: Column = { commit, cells: [], left: [], stories: [] };
/** A task that takes long is struck at one instant of its middle in each. */
const mostStories = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean' },
      fault: { type: 'string', multiple: true },
      out: { type: 'string' },
      seed: { type: 'string' },
      stories: { type: 'string' },
      page: { type: 'string' },
      'go-on': { type: 'boolean' },
    },
  });
  const out = values.out ?? 'test/faults/results.json';
  if (values.page !== undefined) {
    writePage(values.page, readResults(out));
    return;
  }
  const tasks = await tasksOfPlaybook();
  try {
    const problems =
      values.full === true || values.fault !== undefined
        ? await whole(tasks, {
            faults: chosen(values.fault),
            out,
            stories: Number(values.stories ?? mostStories),
            kept: values['go-on'] === true ? 'gone on from' : 'replaced',
          })
        : await sampled(tasks, Number(values.seed ?? 1));
    console.log(problems === 0 ? 'faults: every cell converged' : `faults: ${problems} PROBLEMS`);
    process.exitCode = problems === 0 ? 0 : 1;
  } finally {
    await lab('down');
  }
}

async function whole(
  tasks: readonly StruckTask[],
  wish: {
    readonly faults: readonly FaultName[];
    readonly out: string;
    readonly stories: number;
    readonly kept: 'gone on from' | 'replaced';
  },
): Promise<number> {
  let results = readResults(wish.out);
  let problems = 0;
  for (const fault of wish.faults) {
    let column = (wish.kept === 'gone on from' ? results.columns[fault] : undefined) ?? empty;
    let left: readonly Cell[] = cellsOf(fault, tasks).filter(
      (cell) => !column.cells.some((struck) => isOf(struck, cell)),
    );
    console.log(`faults: ${fault}: ${left.length} cells`);
    for (let count = 0; count < wish.stories && left.length > 0; count += 1) {
      const before = left.length;
      column = withStory(
        column,
        await new Story(left, console.log).tell().then((end) => {
          left = end.left;
          return end;
        }),
      );
      results = keep(wish.out, results, fault, column);
      if (left.length === before) break;
    }
    problems += problemsOf(column);
    console.log(
      `faults: ${fault}: ${column.cells.length} cells struck, ${left.length} never came, ${problemsOf(column)} problems`,
    );
  }
  return problems;
}

function isOf(struck: Struck, { task, afterMs }: Cell): boolean {
  return struck.task === task.id && struck.afterMs === afterMs;
}

async function sampled(tasks: readonly StruckTask[], seed: number): Promise<number> {
  const cells: readonly Cell[] = sampleOf(tasks, seed, 2);
  console.log(`faults: ${cells.length} cells, --seed ${seed}`);
  return problemsOf(withStory(empty, await new Story(cells, console.log).tell()));
}

function chosen(names: readonly string[] | undefined): readonly FaultName[] {
  if (names === undefined) return faultNames;
  const found = faultNames.filter((fault) => names.some((name) => fault.includes(name)));
  if (found.length === 0) throw new Error(`no such fault; there are: ${faultNames.join(', ')}`);
  return found;
}

await main();
