import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { watchSources } from '../document/read-file.ts';
import { contentDigest } from '../events/binding.ts';

/** Digests of files, by their names seen from the playbook's folder, so that a project may lie anywhere. */
export type Digests = Readonly<Record<string, string>>;

/** Keeps account of all sources that are read while it is open. */
export interface SourceLedger extends Disposable {
  readonly salt: string;
  /** All that was read since the ledger was opened, or since the last call. */
  take(): Digests;
}

/** Opens a ledger. `playbook`: the first one's path. */
export function openLedger(salt: string, playbook: string): SourceLedger {
  const known = new Set<string>();
  let fresh: Record<string, string> = {};
  const watch = watchSources((path, content) => {
    const name = nameOf(path, playbook);
    if (known.has(name)) return;
    known.add(name);
    fresh[name] = contentDigest(salt, content);
  });
  return {
    salt,
    take() {
      const taken = fresh;
      fresh = {};
      return taken;
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

/** The digests that files of these names have now; those that cannot be read are left out. */
export function digestsNow(names: readonly string[], salt: string, playbook: string): Digests {
  const found: Record<string, string> = {};
  for (const name of names) {
    try {
      found[name] = contentDigest(salt, readFileSync(resolve(dirname(playbook), name)));
    } catch {
      // It is told as one that is not used any more.
    }
  }
  return found;
}

function nameOf(path: string, playbook: string): string {
  const from = relative(resolve(dirname(playbook)), resolve(path));
  return from === '' || isAbsolute(from) ? path : from;
}
