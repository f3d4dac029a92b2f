import PQueue from 'p-queue';

/** The fork limit: at most so many attempts of tasks at once, the earliest task first. Waiting holds no slot. */
export interface Slots {
  /** Runs when a slot is free. `order`: the node's; lower goes first. */
  run<T>(order: number, attempt: () => Promise<T>): Promise<T>;
}

/** Slots for `forks` concurrent attempts. */
export function createSlots(forks: number): Slots {
  const queue = new PQueue({ concurrency: forks });
  return { run: (order, attempt) => queue.add(attempt, { priority: -order }) };
}
