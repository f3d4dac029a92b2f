import { fingerprint } from '../connection/fingerprint.ts';
import type { Way } from '../modules/host/pool.ts';
import type { Scope } from '../template/template.ts';
import type { Level } from '../variables/precedence.ts';
import { namesSetAt } from '../variables/scope.ts';
import { connectionVariableNames } from './connection-variables.ts';

/** What the inventory and the command line say holds for the whole run, and every host is opened with it. */
const isOfTheRun = (level: Level): boolean =>
  level.startsWith('inventory') ||
  level.startsWith('playbook') ||
  level === 'extra vars' ||
  level === 'magic';

/** The way that the names of a task lead to its host, where something besides the inventory speaks of it; else `null`. @throws Failure */
export function wayOf(scope: Scope): Way | null {
  const names = namesSetAt(scope, connectionVariableNames, (level) => !isOfTheRun(level));
  if (names.length === 0) return null;
  return { key: fingerprint(names.map((name) => [name, scope.lookup(name)])), variables: scope };
}
