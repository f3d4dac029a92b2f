import { Worker } from 'node:worker_threads';
import type { KeyJob } from './key-worker.ts';
import { keyWorkerProgram } from './key-worker-program.ts';
import { lockedKey } from './openssh-key.ts';

/**
 * The text of an encrypted OpenSSH key without its encryption; `wrong-passphrase`; `null`: it is no such key, or no thread
 * can be had, and ssh2 is to read it as it is. What takes long runs in a thread of its own: all hosts that are at work wait
 * for this one otherwise.
 */
export async function unlocked(
  text: string,
  passphrase: string,
): Promise<string | 'wrong-passphrase' | null> {
  const key = lockedKey(text);
  if (key === null || keyWorkerProgram === '' || passphrase === '') return null;
  const bytes = await derived({ ...key.lock, passphrase: Buffer.from(passphrase) });
  return bytes === null ? null : (key.open(bytes) ?? 'wrong-passphrase');
}

function derived(job: KeyJob): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(keyWorkerProgram, {
        eval: true,
        workerData: job,
        env: {},
        argv: [],
        execArgv: [],
      });
      worker.on('message', resolve);
      worker.on('error', () => resolve(null));
      worker.on('exit', () => resolve(null));
    } catch {
      resolve(null);
    }
  });
}
