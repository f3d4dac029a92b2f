import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { inputsFor } from './inputs.ts';
import { minimise } from './minimise.ts';
import { branchesReached, cameToNew } from './reached.ts';
import { maxMs, type Target, timed } from './target.ts';
import { targets } from './targets/all.ts';

/** What a worker is told: which target, and how many inputs of which seed. */
export interface Job {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  /** Two numbers, the count of inputs begun and the length of the present one; then its bytes. */
  readonly present: SharedArrayBuffer;
}

/** What a worker tells. */
export type Told =
  | { readonly kind: 'done'; readonly slowestMs: number; readonly branches: number; readonly kept: number }
  | { readonly kind: 'defect'; readonly words: string; readonly input: Uint8Array };

/** Inputs that are made at once, out of those that came furthest before. */
const batch = 500;
/** A longer input is not kept to make others of: each of them would be slow. */
const longestKept = 4_096;
const minimiseMs = 20_000;

/**
 * Runs one job to its first defect. Guided by coverage: an input that came to a branch to which none before it came is one
 * that others are made of.
 */
export async function work(): Promise<void> {
  const job = workerData as Job;
  const target = targets.find(({ name }) => name === job.target);
  if (target === undefined) throw new Error(`there is no target ${job.target}`);
  parentPort?.postMessage(await run(target, job));
}

async function run(target: Target, { seed, inputs, present }: Job): Promise<Told> {
  const counts = new Int32Array(present, 0, 2);
  const bytes = new Uint8Array(present, 8);
  const seeds = [...target.seeds];
  let slowestMs = 0;
  const loaded = branchesReached();
  for (const seed of target.seeds) await tried(target, Buffer.from(seed as string));
  cameToNew();
  for (let done = 0; done < inputs; done += batch) {
    for (const input of fc.sample(inputsFor({ ...target, seeds }), {
      seed: seed + done,
      numRuns: Math.min(batch, inputs - done),
    })) {
      bytes.set(input.subarray(0, bytes.length));
      counts[1] = Math.min(input.length, bytes.length);
      Atomics.add(counts, 0, 1);
      const { defect, ms } = await tried(target, input);
      slowestMs = Math.max(slowestMs, ms);
      if (cameToNew() && input.length <= longestKept) seeds.push(input);
      if (defect !== null) {
        const kind = defect.slice(0, 24);
        const fails = async (smaller: Buffer) => (await tried(target, smaller)).defect?.slice(0, 24) === kind;
        const least = await minimise(input, fails, minimiseMs);
        return { kind: 'defect', words: (await tried(target, least)).defect ?? defect, input: least };
      }
    }
  }
  return {
    kind: 'done',
    slowestMs,
    branches: branchesReached() - loaded,
    kept: seeds.length - target.seeds.length,
  };
}

async function tried(target: Target, input: Buffer): Promise<{ defect: string | null; ms: number }> {
  try {
    const ms = await timed(target, input);
    return { defect: ms > maxMs ? `slow: more than ${maxMs} ms` : null, ms };
  } catch (thrown) {
    return { defect: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown), ms: 0 };
  }
}
