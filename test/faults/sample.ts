import { type Cell, cellsOf, type FaultName, faultNames, type StruckTask } from './cells.ts';

/** What every sample holds, each on the node that it names: what must not be done twice is cut in its middle. */
const always: readonly { readonly fault: FaultName; readonly title: string; readonly host: string }[] = [
  { fault: 'hapb killed', title: 'Initialise the control plane', host: 'cp1' },
  { fault: 'power cut', title: 'Join the control plane, one member of etcd after the other', host: 'cp2' },
  { fault: 'hapb killed', title: 'Join the control plane, one member of etcd after the other', host: 'cp3' },
];

/**
 * A few cells of every fault, enough for one story: those that each sample holds, and others, each of a task of its own.
 */
export function sampleOf(tasks: readonly StruckTask[], seed: number, perFault: number): readonly Cell[] {
  const random = numbers(seed);
  const chosen: Cell[] = always.map(({ fault, title, host }) => {
    const cell = cellsOf(fault, tasks).find(({ task, afterMs }) => task.title === title && afterMs > 0);
    if (cell === undefined) throw new Error(`the playbook has no task '${title}' to strike in its middle`);
    return { ...cell, preferred: host };
  });
  for (let count = 1; count <= perFault; count += 1) {
    for (const fault of faultNames) {
      if (chosen.filter((cell) => cell.fault === fault).length >= count) continue;
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
