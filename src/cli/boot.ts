import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { codeCacheFor, readCode } from './code-cache.ts';
import type { KeepCode } from './keep-code.ts';

/** Put in place of the names when the program is bundled. */
declare const HAPB_VERSION: string;
declare const HAPB_BUILD: string;

/** Stands for the slash where the program has the end of a comment. */
const bell = 7;

/**
 * What the one file begins with. The program stands behind it in a comment (.config/boot.ts), which V8 passes over in
 * a quarter of the time that it needs to look for the functions in it: `--version` is answered without that, and the
 * others take the compiled form of an earlier start.
 */
function start(): void {
  const words = process.argv.slice(2);
  if (words.length === 1 && words[0] === '--version') {
    process.stdout.write(`${HAPB_VERSION}\n`);
    return;
  }
  // All that is done is done for a short time: optimising as early as V8 would costs more than it brings.
  setFlagsFromString('--interrupt-budget=600000');
  // With hundreds of hosts most of what is old is garbage: V8 would let it grow to a multiple of what lives.
  setFlagsFromString('--heap-growing-percent=50');
  const { script, keep } = compiled(words);
  const run = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  // Nothing of this part is kept, so that its text, which Node has read as a whole, goes with it.
  run(require, module, module.exports, __filename, __dirname, keep);
}

interface Compiled {
  readonly script: Script;
  readonly keep: KeepCode | null;
}

/** A function of its own: what it has read is free before the program begins, and is no longer there to be kept. */
function compiled(words: readonly string[]): Compiled {
  const { program, before } = readProgram();
  const cache = codeCacheFor(words, HAPB_BUILD, process.env);
  const kept = cache === null ? null : readCode(cache);
  const script = new Script(program, {
    filename: __filename,
    lineOffset: before,
    ...(kept === null ? {} : { cachedData: kept.code }),
  });
  if (cache === null) return { script, keep: null };
  const enoughMs = kept === null || script.cachedDataRejected === true ? 0 : 2 * kept.cpuMs;
  return { script, keep: { cache, script, enoughMs } };
}

/** The program, and how many lines stand before it. */
function readProgram(): { readonly program: string; readonly before: number } {
  const bytes = readFileSync(__filename);
  const opening = bytes.indexOf('/*hapb\n');
  for (let at = bytes.indexOf(bell, opening); at !== -1; at = bytes.indexOf(bell, at)) bytes[at] = 0x2f;
  const before = bytes.toString('latin1', 0, opening).split('\n').length;
  // A string of its own outside of V8's heap, which nothing is added to: it would be copied.
  const program = bytes.toString('latin1', opening + '/*hapb\n'.length, bytes.lastIndexOf('*/'));
  return { program, before };
}

start();
