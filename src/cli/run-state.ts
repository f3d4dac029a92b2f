import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Binding } from '../events/binding.ts';
import type { Event, Reporter } from '../events/event.ts';
import { type KeptEnds, keptEnds, worthKeeping } from '../events/kept.ts';
import { openPrivateFile } from './files.ts';
import { parseLog } from './log-file.ts';
import { differencesSince } from './plan-file.ts';
import type { RunOptions } from './run-options.ts';
import { commandLine } from './usage.ts';

/** What a run left that did not come to its end. */
export interface EarlierRun {
  readonly log: readonly Event[];
  readonly bound: Binding;
  readonly ends: KeptEnds;
  /** When it began, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/**
 * Where a run keeps what it has done, so that `--resume` can go on: one file for each choice of playbooks and inventories,
 * below $XDG_STATE_HOME. `null`: it keeps nothing, as it changes nothing, is held to a plan, or there is no home.
 */
export function stateFile(
  { task, mode, plan, playbooks, inventories }: RunOptions,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const home = env.XDG_STATE_HOME || (env.HOME ? join(env.HOME, '.local', 'state') : null);
  if (home === null || task !== 'run' || mode !== 'apply' || plan !== null) return null;
  const from = (name: string): string =>
    name.includes(',') ? name : resolve(name.replace(/^~(?=\/)/, homedir()));
  const key = JSON.stringify([playbooks.map(from), inventories.map(from)]);
  return join(home, 'hapb', `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.jsonl`);
}

/** What the last run of the same left. @throws Failure HAPB8026: nothing; HAPB8008 */
export function readState(file: string | null): EarlierRun {
  if (file === null || !existsSync(file)) throw nothingLeft();
  const log = parseLog(readFileSync(file, 'utf8'), file);
  const [first] = log;
  const ends = keptEnds(log);
  if (first?.type !== 'run.started' || first.bound === undefined || ends.size === 0) throw nothingLeft();
  return { log, bound: first.bound, ends, atMs: first.atMs };
}

/** Flags that leave tasks out. */
const narrowing = ['--tags', '--skip-tags', '--start-at-task'];

/**
 * What an earlier run left and this one does not do in its place, as it has fewer hosts or leaves tasks out: that stays for
 * `--resume`. `null`: there is nothing of the kind. `known`: the hosts of the inventory; others are gone for good.
 */
export function leftAside(
  file: string,
  now: Binding,
  known: ReadonlyMap<string, unknown>,
): Pick<EarlierRun, 'atMs'> | null {
  // Most runs are whole, and need not read what may be long.
  if (narrowing.every((flag) => now.settings[flag] === undefined) && now.hosts.length === known.size)
    return null;
  try {
    const { bound, atMs } = readState(file);
    const alike = narrowing.every(
      (flag) => now.settings[flag] === undefined || now.settings[flag] === bound.settings[flag],
    );
    const hosts = bound.hosts.every((host) => !known.has(host) || now.hosts.includes(host));
    return alike && hosts ? null : { atMs };
  } catch (thrown) {
    // Nothing was left, or nothing that anybody could go on with.
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

/** Refuses to go on with another run than this one. @throws Failure HAPB8027 */
export function demandSame(earlier: EarlierRun, now: Binding, playbook: string): void {
  const details = differencesSince(earlier, now, playbook);
  if (details === null) return;
  throw new Failure(
    {
      code: 'HAPB8027',
      message: 'the run that stopped was another one',
      details,
      hint: 'Run it without --resume: what is done is found to be done, and stays.',
    },
    commandLine,
  );
}

/** Keeps what a run does in its state file, after what the run before it did. `null`: the file cannot be written. */
export function keepState(file: string, bound: Binding, earlier: EarlierRun | null): Reporter | null {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    const sink = openPrivateFile(`${file}.new`);
    const write = (event: Event): void => sink.write(`${JSON.stringify(event)}\n`);
    for (const event of earlier?.log ?? []) write(event);
    // At no time is there a file with less than is known.
    renameSync(`${file}.new`, file);
    return {
      on: (event) => {
        const kept = worthKeeping(event);
        if (kept !== null) write(kept.type === 'run.started' ? { ...kept, bound } : kept);
      },
      close: () => sink.close(),
    };
  } catch {
    // A run needs no state: run again, it converges.
    return null;
  }
}

/** Nothing is left to go on with. */
export function forgetState(file: string): void {
  rmSync(file, { force: true });
}

function nothingLeft(): Failure {
  return new Failure(
    {
      code: 'HAPB8026',
      message: 'no run of this playbook with this inventory stopped before its end',
      hint: 'Run it without --resume.',
    },
    commandLine,
  );
}
