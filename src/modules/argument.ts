import type { AnyModule, ArgSchema } from './module.ts';

/** An argument's real name and schema, by that name, an alias, or Ansible's name of free text; `undefined`: there is none. */
export function argumentNamed(module: AnyModule, name: string): readonly [string, ArgSchema] | undefined {
  const { properties } = module.args;
  const real = name === '_raw_params' && module.freeForm !== undefined ? module.freeForm : name;
  const own = properties[real];
  if (own !== undefined) return [real, own];
  return Object.entries(properties).find(([, schema]) => schema.aliases?.includes(name));
}
