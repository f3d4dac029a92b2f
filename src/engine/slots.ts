import PQueue from 'p-queue';
import { Slots as Places } from '../core/slots.ts';

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

/** Holds so many hosts of a play at once (`strategy: host_pinned`); one that waits for others makes room meanwhile. */
export interface Pins {
  hold<T>(walk: () => Promise<T>): Promise<T>;
  /** Waits without holding. */
  loosen<T>(wait: () => Promise<T>): Promise<T>;
}

/** Pins for `limit` hosts; `null`: any number. */
export function createPins(limit: number | null): Pins {
  if (limit === null) return { hold: (walk) => walk(), loosen: (wait) => wait() };
  const places = new Places(limit);
  return { hold: (walk) => places.run(walk), loosen: (wait) => places.loosen(wait) };
}
