import { type Cell, cellsOf, faultNames, type StruckTask } from './cells.ts';

/** A few cells of every fault, in the order of the tasks and never two of one task: enough for one story. */
export function sampleOf(tasks: readonly StruckTask[], seed: number, perFault: number): readonly Cell[] {
  const random = numbers(seed);
  const chosen: Cell[] = [];
  for (let round = 0; round < perFault; round += 1) {
    for (const fault of faultNames) {
      const free = cellsOf(fault, tasks).filter((cell) =>
        chosen.every(({ task }) => task.id !== cell.task.id),
      );
      const cell = free[Math.floor(random() * free.length)];
      if (cell !== undefined) chosen.push(cell);
    }
  }
  return chosen;
}

/** A linear congruential generator: the same numbers for the same seed, and good enough to choose by. */
function numbers(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
