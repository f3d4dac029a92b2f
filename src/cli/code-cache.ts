import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the compiled form of one command lies, and of which build it must be. */
export interface CodeCache {
  readonly folder: string;
  readonly name: string;
  /** Names the program's text; what another build left is not taken. */
  readonly build: string;
}

const commands = /^(?:run|check|drift|plan|inventory|lint|modules|report|vault)$/;

/**
 * The cache for a command line: as Node's own compile cache in `NODE_COMPILE_CACHE`, else `hapb` in the user's folder of
 * caches. `null`: there is none, because `NODE_DISABLE_COMPILE_CACHE` forbids it, the words name no command, or the folder
 * is not the user's own (a compiled form that another one wrote is a program that another one wrote).
 */
export function codeCacheFor(
  words: readonly string[],
  build: string,
  env: NodeJS.ProcessEnv,
): CodeCache | null {
  const [command = ''] = words;
  if (env.NODE_DISABLE_COMPILE_CACHE !== undefined || !commands.test(command)) return null;
  const caches = env.XDG_CACHE_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.cache'));
  const folder = env.NODE_COMPILE_CACHE ?? (caches === undefined ? undefined : join(caches, 'hapb'));
  const home = env.NODE_COMPILE_CACHE === undefined ? (env.XDG_CACHE_HOME ?? env.HOME) : undefined;
  if (folder === undefined || !folder.startsWith('/') || (home !== undefined && !isOwn(home))) return null;
  return { folder, name: `${command}-${process.arch}.code`, build };
}

function isOwn(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === process.getuid?.();
}

/** What an earlier start left. */
export interface KeptCode {
  readonly code: Buffer;
  /** How much work its process did, as processor time: what it never came to is not compiled. */
  readonly cpuMs: number;
}

const cpuDigits = 10;

/** What was kept; `null` when there is nothing that only this user could have written. */
export function readCode({ folder, name, build }: CodeCache): KeptCode | null {
  let file: number | null = null;
  try {
    file = openSync(join(folder, name), 'r');
    const { uid, mode } = fstatSync(file);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return null;
    const bytes = readFileSync(file);
    if (bytes.toString('latin1', 0, build.length) !== build) return null;
    const start = build.length + cpuDigits;
    return { code: bytes.subarray(start), cpuMs: Number(bytes.toString('latin1', build.length, start)) };
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Keeps the compiled form for the next start. Where that is not possible, the next start compiles again. */
export function keepCode({ folder, name, build }: CodeCache, { code, cpuMs }: KeptCode): void {
  const path = join(folder, name);
  const fresh = `${path}.${process.pid}`;
  const head = `${build}${String(Math.round(cpuMs)).padStart(cpuDigits)}`;
  try {
    makeFolder(dirname(folder));
    makeFolder(folder);
    writeFileSync(fresh, Buffer.concat([Buffer.from(head, 'latin1'), code]), { mode: 0o600, flag: 'wx' });
    renameSync(fresh, path);
  } catch {
    // A full or read-only disk is no reason to complain about a start that has worked.
  }
}

/** Not `recursive`: Node never comes back from that below a folder such as /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: 0o700 });
}
