import { deepStrictEqual } from 'node:assert/strict';
import type { Change, Effect } from '../core/change.ts';
import { Secret } from '../core/secret.ts';
import { sha256Of } from '../core/text-measure.ts';
import { Unknown } from '../core/unknown.ts';
import type { Output } from '../core/value.ts';
import { askOfKey } from '../modules/asks/vocabulary.ts';
import type { HostWriter, Module, TaskContext } from '../modules/module.ts';
import { taskContext } from './task-context.ts';

/** What a module did under the law's eyes. */
export interface LawfulRun<Wanted extends Change> {
  /** `null`: nothing had to be done. */
  readonly change: Wanted | null;
  readonly output: Output;
  /** Effects that were foreseen and not compared, because they are unknown or in words of the module's own. */
  readonly unchecked: readonly string[];
}

/**
 * Runs a module once on a host that may be changed, and holds it to the law: asking twice finds the same, `diff` is
 * pure, what was foreseen is what came about, and the next run has nothing to do. @throws AssertionError where it breaks
 */
export async function expectLawful<Args, State, Wanted extends Change>(
  module: Module<Args, State, Wanted>,
  args: Args,
  place: { readonly host: HostWriter; readonly task?: TaskContext },
): Promise<LawfulRun<Wanted>> {
  const { host, task = taskContext({ host: place.host.name }) } = place;
  const probe = (): Promise<State> => host.ask(module.probe(args, task));
  const state = await probe();
  deepStrictEqual(await probe(), state, `${module.name}: asking twice finds different states`);
  const change = module.diff(args, state, task);
  deepStrictEqual(module.diff(args, state, task), change, `${module.name}: diff is not pure`);
  if (change === null) return { change, output: module.output?.(args, state, task) ?? {}, unchecked: [] };
  const output = await module.apply(change, host);
  const unchecked: string[] = [];
  for (const effect of change.effects) {
    if (!(await compare(effect, host))) unchecked.push(effect.key);
  }
  if (change.forecast.kind === 'known') {
    const again = module.diff(args, await probe(), task);
    if (again !== null) throw new Error(`${module.name}: a second run would still ${again.summary}`);
  }
  return { change, output, unchecked };
}

async function compare(effect: Effect, host: HostWriter): Promise<boolean> {
  const ask = askOfKey(effect.key);
  if (ask === null || effect.state instanceof Unknown) return false;
  const place = effect.host === undefined ? host : host.at({ kind: 'other', host: effect.host });
  const found = await place.ask(ask);
  if (!holds(effect.state, found)) {
    deepStrictEqual(found, effect.state, `${effect.key} is not what was foreseen`);
  }
  return true;
}

/** Whether what was foreseen is true of what was found. `null` and absent keys were not foreseen. */
export function holds(foreseen: unknown, found: unknown): boolean {
  if (foreseen === null || foreseen === undefined) return true;
  if (foreseen instanceof Unknown) return true;
  if (foreseen instanceof Secret) return typeof found === 'string' && sha256Of(foreseen) === sha256Of(found);
  if (foreseen instanceof Uint8Array)
    return found instanceof Uint8Array && Buffer.from(foreseen).equals(found);
  if (typeof foreseen !== 'object') return foreseen === found;
  if (typeof found !== 'object' || found === null) return false;
  const facts = new Map<string, unknown>(Object.entries(found));
  return Object.entries(foreseen).every(([key, value]) => {
    // The numbers of users are foreseen only where nothing changes; SHA-1 comes where the content does not.
    if (key === 'uid' || key === 'gid' || key === 'sha1') return true;
    if (
      (key === 'owner' && value === String(facts.get('uid'))) ||
      (key === 'group' && value === String(facts.get('gid')))
    )
      return true;
    return holds(value, facts.get(key));
  });
}
