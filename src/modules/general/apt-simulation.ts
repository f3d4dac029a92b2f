import { type Ask, question } from '../ask.ts';

/** A package in a simulation. `before: null`: not installed. */
export interface SimulatedPackage {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What an apt-get command would do; `kind: 'error'`: it would fail, with its words. */
export type Simulation =
  | { readonly kind: 'ok'; readonly packages: readonly SimulatedPackage[]; readonly cleaned: number }
  | { readonly kind: 'error'; readonly output: string };

/** Simulating takes no lock and, without caches, writes nothing. */
export const simulateText = 'apt-get -s -q -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=';

/** What apt-get would do with these words (`dist-upgrade`, `autoremove`). */
export function simulation(words: readonly string[]): Ask<Simulation> {
  return question<Simulation>({
    key: `apt-simulation:${words.join(' ')}`,
    // What is no longer needed does not hang on what sources offer.
    reads: ['package:*', ...(words.includes('autoremove') ? [] : ['package-lists'])],
    sh: `LC_ALL=C ${simulateText} "$@" 2>&1`,
    args: words,
    parse: (reply) =>
      reply.exitCode === 0
        ? { kind: 'ok', ...parseSimulation(reply.stdout) }
        : { kind: 'error', output: reply.stdout },
  });
}

/** Reads `Inst NAME [OLD] (NEW SOURCE [ARCH])`, `Remv NAME [OLD]`, `Purg NAME [OLD]` and `Del NAME VERSION [SIZE]`. */
export function parseSimulation(text: string): {
  readonly packages: readonly SimulatedPackage[];
  readonly cleaned: number;
} {
  const packages = new Map<string, SimulatedPackage>();
  let cleaned = 0;
  for (const line of text.split('\n')) {
    const [, verb, name = '', before, after] =
      /^(Inst|Remv|Purg|Del) (\S+)(?: \[([^\]]+)\])?(?: \((\S+))?/.exec(line) ?? [];
    if (verb === 'Del') cleaned += 1;
    else if (verb !== undefined && !packages.has(name))
      packages.set(name, { name, before: before ?? null, after: verb === 'Inst' ? (after ?? null) : null });
  }
  return { packages: [...packages.values()], cleaned };
}

/** What a .deb is; `null`: there is no such file, or it is none. */
export interface DebFile {
  readonly name: string;
  readonly version: string;
}

/** A package file of the host. Key `deb:PATH`. */
export function debFile(path: string): Ask<DebFile | null> {
  return question({
    key: `deb:${path}`,
    reads: [`file:${path}`],
    sh: 'dpkg-deb -f "$1" Package Version 2>/dev/null; exit 0',
    args: [path],
    parse: (reply) => {
      const name = /^Package: (\S+)$/m.exec(reply.stdout)?.[1];
      const version = /^Version: (\S+)$/m.exec(reply.stdout)?.[1];
      return name === undefined || version === undefined ? null : { name, version };
    },
  });
}

/** How many package files apt keeps. Key `apt-archives`. */
export function keptArchives(): Ask<number> {
  return question({
    key: 'apt-archives',
    reads: ['package:*'],
    sh: 'ls /var/cache/apt/archives 2>/dev/null; exit 0',
    parse: (reply) => reply.stdout.split('\n').filter((name) => name.endsWith('.deb')).length,
  });
}
