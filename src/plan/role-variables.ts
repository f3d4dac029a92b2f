import { resolve } from 'node:path';
import type { MapNode } from '../document/node.ts';
import type { RoleAst } from '../playbook/ast.ts';
import { type Layer, valueLayer } from '../variables/layer.ts';
import type { Level } from '../variables/precedence.ts';
import type { Compiler } from './compiler.ts';
import { varsLayer } from './inherit.ts';
import type { PlanRole, UsedRole } from './plan.ts';
import type { RoleStock, RoleVariables } from './site.ts';

type Entries = Layer['entries'];

/** The variables of a role's files and of one use of it. */
export function ownVariables(
  compiler: Compiler,
  ast: Pick<RoleAst, 'defaults' | 'vars'>,
  use: { readonly vars: MapNode | null; readonly params: MapNode | null },
): RoleVariables {
  const read = (nodes: readonly (MapNode | null)[], level: Level): Entries =>
    merged(nodes.map((node) => (node === null ? nothing : varsLayer(compiler, node, level).entries)));
  return {
    defaults: read(ast.defaults, 'role defaults'),
    vars: read(ast.vars, 'role vars'),
    useVars: read([use.vars], 'role vars'),
    params: read([use.params], 'role params'),
  };
}

/**
 * What a role's tasks and the whole play see of it. `chain`: the roles around it, outermost first, itself the last;
 * `dependencies`: what it depends on. Its own wins over that of roles around, those over what it depends on.
 */
export function roleVariables(
  chain: readonly RoleStock[],
  dependencies: readonly Pick<PlanRole, 'exported'>[],
): Pick<PlanRole, 'layers' | 'exported'> {
  const self = chain.at(-1);
  const around = chain.slice(0, -1).map(({ variables }) => variables);
  if (self === undefined) return { layers: [], exported: [] };
  const { variables, name, folder, calledFrom } = self;
  const own = { role_name: name, ansible_role_name: name, role_path: resolve(folder) };
  const exported = (level: Level): readonly Entries[] =>
    dependencies.flatMap((dependency) =>
      dependency.exported.filter((layer) => layer.level === level).map(({ entries }) => entries),
    );
  const layer = (level: Level, parts: readonly Entries[]): Layer => ({
    level,
    source: `the role ${name}`,
    entries: merged(parts),
  });
  const defaults = exported('role defaults');
  const vars = exported('role vars');
  const callers = calledFrom.length === 0 ? {} : { ansible_parent_role_names: calledFrom };
  return {
    layers: [
      layer('role defaults', [...defaults, ...around.map((outer) => outer.defaults), variables.defaults]),
      layer('role vars', [
        ...around.flatMap((outer) => [outer.useVars, outer.vars]),
        ...vars,
        variables.vars,
        variables.useVars,
      ]),
      layer('role params', [...around.map((outer) => outer.params), variables.params]),
      valueLayer('magic', 'hapb', { ...own, ...callers }),
    ].filter(({ entries }) => entries.size > 0),
    exported: [
      layer('role defaults', [...defaults, variables.defaults]),
      layer('role vars', [...vars, variables.vars]),
    ],
  };
}

const roleLevels: ReadonlySet<Level> = new Set(['role defaults', 'role vars', 'role params']);

/** What a role's tasks inherit of variables: those of the role instead of those of a role around. */
export function layersInRole(inherited: readonly Layer[], role: PlanRole): readonly Layer[] {
  return [...inherited.filter(({ level }) => !roleLevels.has(level)), ...role.layers];
}

/** The variables that all tasks of a play see of its roles; a later role wins. */
export function exportedLayers(roles: readonly UsedRole[]): readonly Layer[] {
  const seen = roles.filter(({ exported }) => exported === 'yes').flatMap(({ role }) => role.exported);
  return (['role defaults', 'role vars'] as const)
    .map((level): Layer => {
      const parts = seen.filter((layer) => layer.level === level).map(({ entries }) => entries);
      return { level, source: 'roles of the play', entries: merged(parts) };
    })
    .filter(({ entries }) => entries.size > 0);
}

/** Entries of the same parts are the same, so that what is walked once needs to be walked once only. */
function merged(parts: readonly Entries[]): Entries {
  let sum = nothing;
  for (const part of parts) if (part.size > 0) sum = sum.size === 0 ? part : both(sum, part);
  return sum;
}

function both(one: Entries, other: Entries): Entries {
  const known = sums.get(one) ?? new WeakMap<Entries, Entries>();
  sums.set(one, known);
  const sum = known.get(other) ?? new Map([...one, ...other]);
  known.set(other, sum);
  return sum;
}

const nothing: Entries = new Map();
const sums = new WeakMap<Entries, WeakMap<Entries, Entries>>();
