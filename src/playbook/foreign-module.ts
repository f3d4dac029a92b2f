import type { MapEntry, ScalarNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import type { ActionAst } from './ast.ts';
import { moduleName } from './module-name.ts';
import type { Reader } from './reader.ts';

/**
 * What a task does whose module is one of Ansible's that is not here, where a condition may keep the task from running:
 * it fails and says why. Roles have such tasks for other systems than the one at hand. `null`: the name is not known
 * as a module's, so it may be a slip of the pen.
 */
export function foreignModule(reader: Reader, { key, span }: MapEntry): ActionAst | null {
  const name = moduleName(key);
  const slip = !isElsewhere(key) || suggest(name, reader.modules.all) !== null;
  const remedy = reader.modules.refused?.(name) ?? (slip ? null : others);
  if (remedy === null) return null;
  const value = `"${key}" is not supported. ${remedy}`;
  const msg: ScalarNode = { kind: 'scalar', span, value, tag: null, spanOf: () => span };
  const args = { kind: 'map' as const, span, entries: [{ key: 'msg', span, value: msg }] };
  return { name: 'fail', written: key, span, args, freeForm: null, whole: [] };
}

const others = 'There is no such module here; `hapb modules` lists those that are.';

/** Whether a name has a collection in front, as no keyword has, other than that of Ansible itself. */
function isElsewhere(name: string): boolean {
  return /^(?!ansible\.(?:builtin|legacy)\.)[a-z_]\w*\.[a-z_]\w*\.[a-z_]\w*$/.test(name);
}
