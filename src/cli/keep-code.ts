import type { Script } from 'node:vm';
import { type CodeCache, keepCode } from './code-cache.ts';

/** What the start of the one file (boot.ts) hands to the program. */
export interface KeepCode {
  readonly cache: CodeCache;
  readonly script: Script;
  /** A process with less work than that knows no more than what is kept already. */
  readonly enoughMs: number;
}

/** Keeps the compiled form at the end of this process, if it did much more than the one that kept it last. */
export function keepCodeAtEnd({ cache, script, enoughMs }: KeepCode): void {
  process.on('exit', () => {
    const cpuMs = process.cpuUsage().user / 1000;
    if (cpuMs > enoughMs) keepCode(cache, { code: script.createCachedData(), cpuMs });
  });
}
