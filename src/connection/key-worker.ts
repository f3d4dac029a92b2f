import { parentPort, workerData } from 'node:worker_threads';
import { pbkdf } from 'bcrypt-pbkdf';
import type { KeyLock } from './openssh-key.ts';

/** What a worker is told: it answers with the bytes that open the key, or `null` when there can be none. */
export interface KeyJob extends KeyLock {
  readonly passphrase: Uint8Array;
}

const { passphrase, salt, rounds, length } = workerData as KeyJob;
const bytes = new Uint8Array(length);
const failed = pbkdf(passphrase, passphrase.length, salt, salt.length, bytes, length, rounds) !== 0;
parentPort?.postMessage(failed ? null : bytes);
