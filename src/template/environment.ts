import { Failure } from '../core/failure.ts';
import { omit } from '../core/omit.ts';
import { Secret, type Text } from '../core/secret.ts';
import { isList, isMap, typeName, type Value } from '../core/value.ts';
import { printed, quoted } from '../expression/print-value.ts';
import { resolved } from './conditions.ts';
import type { Scope, Template } from './template.ts';

/** `environment` of all levels together, outermost first: an inner level, and in a list a later map, wins. @throws Failure HAPB7071 */
export function environmentOf(levels: readonly Template[], scope: Scope): ReadonlyMap<string, Text> {
  const variables = new Map<string, Text>();
  for (const template of levels) {
    const value = resolved(template.render(scope));
    for (const map of isList(value) ? value : [value]) {
      if (map === null || map === '' || map === omit) continue;
      if (!isMap(map))
        throw wrongEnvironment(template, `"environment" needs a map, but is a ${typeName(map)}`);
      for (const [name, item] of Object.entries(map)) {
        if (!/^[A-Za-z_]\w*$/.test(name))
          throw wrongEnvironment(template, `"${name}" cannot be the name of an environment variable`);
        variables.set(name, textOf(item));
      }
    }
  }
  return variables;
}

function textOf(value: Value): Text {
  if (value instanceof Secret) return value;
  return value === null ? quoted(value) : printed(value);
}

function wrongEnvironment(template: Template, message: string): Failure {
  const hint = 'Write "NAME: VALUE" lines below it; names have letters, digits and underscores.';
  return new Failure({ code: 'HAPB7071', message, hint }, template.span);
}
