import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, Worker } from 'node:worker_threads';
import { targets } from './targets/all.ts';
import { type Job, type Told, work } from './worker.ts';

/** An input on which a target does not come back within this time hangs. */
const hangMs = 10_000;
const folder = 'node_modules/.cache/fuzz';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { inputs: { type: 'string' }, seed: { type: 'string' }, target: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000_000));
  const inputs = Number(values.inputs ?? 1_000_000);
  const chosen = targets.filter(({ name }) => name.startsWith(values.target ?? ''));
  console.log(`fuzz: ${inputs} inputs for ${chosen.length} readers, --seed ${seed}`);
  const whole = chosen.reduce((sum, { name }) => sum + weightOf(name), 0);
  const defects: string[] = [];
  for (const { name } of chosen) {
    const share = Math.ceil((inputs * weightOf(name)) / whole);
    const started = performance.now();
    const told = await oneTarget(name, seed, share);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    if (told.kind === 'done') {
      console.log(
        `fuzz: ${name}: ${share} inputs in ${seconds} s, the slowest took ${told.slowestMs.toFixed(0)} ms; ${told.branches} branches, ${told.kept} inputs came to new ones`,
      );
      continue;
    }
    const path = `${folder}/${name.replaceAll(/\W+/g, '-')}-${seed}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, told.input);
    const shown = JSON.stringify(Buffer.from(told.input).toString('utf8')).slice(0, 2_000);
    console.log(`fuzz: ${name}: DEFECT ${told.words}\n  input (${path}): ${shown}`);
    defects.push(name);
  }
  if (defects.length > 0) {
    console.log(`fuzz: defects in ${defects.join(', ')}; again with --seed ${seed} --target NAME`);
    process.exitCode = 1;
  }
}

/** What hosts answer has as many readers as there are modules; each gets less. So does what logs in first for each input. */
function weightOf(name: string): number {
  if (name === 'ssh-session') return 4;
  return name.startsWith('probe ') ? 1 : 20;
}

async function oneTarget(target: string, seed: number, inputs: number): Promise<Told> {
  const present = new SharedArrayBuffer(8 + 65_536);
  const counts = new Int32Array(present, 0, 2);
  const job: Job = { target, seed, inputs, present };
  const worker = new Worker(process.argv[1] ?? '', { workerData: job, argv: [] });
  let seen = -1;
  let since = performance.now();
  try {
    return await new Promise<Told>((resolve, reject) => {
      worker.on('message', (told: Told) => resolve(told));
      worker.on('error', (error) =>
        resolve({
          kind: 'defect',
          words: `uncaught: ${error.stack ?? error.message}`,
          input: current(present),
        }),
      );
      worker.on('exit', () => reject(new Error('the worker ended without a word')));
      const timer = setInterval(() => {
        const begun = Atomics.load(counts, 0);
        if (begun !== seen) since = performance.now();
        seen = begun;
        // Making it smaller takes its time too, after the input was tried.
        if (performance.now() - since < hangMs * 4) return;
        clearInterval(timer);
        resolve({ kind: 'defect', words: 'it hangs', input: current(present) });
      }, 1_000);
      timer.unref();
    });
  } finally {
    await worker.terminate();
  }
}

function current(present: SharedArrayBuffer): Uint8Array {
  const length = new Int32Array(present, 0, 2)[1] ?? 0;
  return new Uint8Array(present.slice(8, 8 + length));
}

await (isMainThread ? main() : work());
