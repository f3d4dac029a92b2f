import { generalModules } from './general/index.ts';
import { withKnownOwners } from './known-owners.ts';
import { kubernetesModules } from './kubernetes/index.ts';
import type { AnyModule } from './module.ts';
import { refusedModules } from './refused-modules.ts';
import { systemModules } from './system/index.ts';

/** Every module that comes with hapb, by name. */
export const allModules: readonly AnyModule[] = [...generalModules, ...kubernetesModules, ...systemModules]
  .map(withKnownOwners)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const byName = new Map<string, AnyModule>(
  allModules.flatMap((module) =>
    [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const),
  ),
);

/** The module of this name or alias; `undefined`: there is none. Collection prefixes are already taken off. */
export function findModule(name: string): AnyModule | undefined {
  return byName.get(name);
}

/** The names of a module's arguments, other names of them included. */
export function argumentNames(module: AnyModule | undefined): readonly string[] {
  if (module === undefined) return [];
  const known = knownArguments.get(module);
  if (known !== undefined) return known;
  const names = Object.entries(module.args.properties).flatMap(([name, { aliases }]) => [
    name,
    ...(aliases ?? []),
  ]);
  knownArguments.set(module, names);
  return names;
}

const knownArguments = new WeakMap<AnyModule, readonly string[]>();

/** What the syntax of a playbook needs to know of modules. */
export const moduleNames = {
  all: [...byName.keys()],
  has: (name: string): boolean => byName.has(name),
  freeForm: (name: string): string | null => byName.get(name)?.freeForm ?? null,
  arguments: (name: string): readonly string[] => argumentNames(byName.get(name)),
  refused: (name: string): string | null => refusedModules.get(name) ?? null,
};
