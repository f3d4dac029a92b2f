import { fingerprint } from '../connection/fingerprint.ts';
import { Unknown } from '../core/unknown.ts';
import type { Way } from '../modules/host/destination.ts';
import type { Scope } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import { namesSetAt } from '../variables/scope.ts';
import { connectionVariableNames } from './connection-variables.ts';

/** What the inventory and the command line say holds for the whole run, and every host is opened with it. */
const isOfTheRun = ({ level, beside }: Layer): boolean =>
  level.startsWith('inventory') ||
  (level.startsWith('playbook') && beside === undefined) ||
  level === 'extra vars' ||
  level === 'magic';

/** The way that the names of a task lead to its host, where something besides the inventory speaks of it; else `null`. Unknown: so is one of the names. @throws Failure */
export function wayOf(scope: Scope): Way | Unknown | null {
  const names = namesSetAt(scope, connectionVariableNames, (layer) => !isOfTheRun(layer));
  if (names.length === 0) return null;
  const values = names.map((name) => [name, scope.lookup(name)] as const);
  const unknown = values.map(([, value]) => value).find((value) => value instanceof Unknown);
  return unknown ?? { key: fingerprint(values), variables: scope };
}
