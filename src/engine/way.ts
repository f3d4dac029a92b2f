import { createHash } from 'node:crypto';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import type { Value } from '../core/value.ts';
import { connectionVariableNames } from '../inventory/connection-variables.ts';
import type { Way } from '../modules/host/pool.ts';
import type { Scope } from '../template/template.ts';
import type { Level } from '../variables/precedence.ts';
import { namesSetAt } from '../variables/scope.ts';

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
  const hash = createHash('sha256');
  for (const name of names) hash.update(JSON.stringify([name, plain(scope.lookup(name))]));
  return { key: hash.digest('base64url'), variables: scope };
}

function plain(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? reveal(value) : value;
}
