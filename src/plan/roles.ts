import type { Span } from '../core/source.ts';
import type { MapNode } from '../document/node.ts';
import { toJson } from '../document/plain.ts';
import type { Keywords, RoleAst, RoleUseAst, TaskAst } from '../playbook/ast.ts';
import { isYes, report, take } from '../playbook/compile-keyword.ts';
import { importsItself } from '../playbook/load.ts';
import { roleFolders } from '../playbook/places.ts';
import { mainFiles, type RoleFrom } from '../playbook/project.ts';
import { validationOf } from '../playbook/role-arguments.ts';
import type { Compiler } from './compiler.ts';
import { importArguments, importedName } from './imports.ts';
import { inherit } from './inherit.ts';
import type { Inherited, PlanNode, PlanRole, PlanTask } from './plan.ts';
import { layersInRole, ownVariables, roleVariables } from './role-variables.ts';
import { inRole, isOpen, nextNode, type RoleStock, type Site } from './site.ts';

/** One use of a role, whoever names it. */
export interface RoleUse {
  readonly name: string;
  readonly span: Span;
  readonly from: RoleFrom;
  /** What its tasks inherit, the keywords of the use among it. */
  readonly inherited: Inherited;
  readonly keywords: Keywords;
  /** `vars` and parameters of the use; `null`: none. */
  readonly vars: MapNode | null;
  readonly params: MapNode | null;
  /** Whether it runs again on a host that has run it; `null`: as its meta file says. */
  readonly repeat: 'no' | 'yes' | null;
  /** Whether the role's arguments are checked against its specification. */
  readonly check: 'no' | 'yes';
  /** `listed` by a play or as a dependency, or used by a `task`. */
  readonly by: 'listed' | 'task';
}

/** What a use of a role puts into the tree. */
export interface BuiltRole {
  readonly role: PlanRole;
  /** The roles that it depends on, then its own tasks. */
  readonly body: readonly PlanNode[];
  /** In the same order. */
  readonly handlers: readonly PlanTask[];
}

/** Compiles a role for one use. `null` when it cannot be read, which is reported. */
export function buildRole(compiler: Compiler, use: RoleUse, site: Site): BuiltRole | null {
  const folders = roleFolders(site, compiler.rolesPath);
  const ast = take(compiler, compiler.project.role({ ...use, folders }));
  if (ast === null) return null;
  if (isOpen(site, ast.folder)) {
    report(compiler, importsItself([...site.trail, ast.folder], use.span));
    return null;
  }
  const stock: RoleStock = {
    name: ast.name,
    folder: ast.folder,
    variables: ownVariables(compiler, ast, use),
    calledFrom: use.by === 'task' ? callers(site) : [],
  };
  const inner = inRole(site, stock, use.inherited);
  const dependencies = ast.dependencies.flatMap(
    (dependency) => listedRole(compiler, dependency, inner) ?? [],
  );
  const role: PlanRole = {
    name: ast.name,
    folder: ast.folder,
    identity: identityOf(ast, use),
    repeat: use.repeat ?? ast.allowDuplicates,
    dependencies: dependencies.flatMap(({ role: { dependencies: below, name } }) => [...below, name]),
    folders: [...inner.parents].reverse().map(({ folder }) => folder),
    ...roleVariables(
      inner.parents,
      dependencies.map((dependency) => dependency.role),
    ),
  };
  const own: Site = {
    ...inner,
    inherited: {
      ...inner.inherited,
      role,
      layers: layersInRole(inner.inherited.layers, role),
      known: [...inner.inherited.known, ...role.exported],
    },
  };
  const validation = use.check === 'yes' ? validationOf(ast, use.from.tasks) : null;
  const body = compiler.steps(validation === null ? ast.tasks : [validation, ...ast.tasks], own);
  const handlers = compiler.handlers(ast.handlers, own);
  const node: PlanNode = { kind: 'role', ...nextNode(site.numbering), span: use.span, role, body };
  return {
    role,
    body: [...dependencies.flatMap((dependency) => dependency.body), ...(body.length === 0 ? [] : [node])],
    handlers: [...dependencies.flatMap((dependency) => dependency.handlers), ...handlers],
  };
}

/** A role of `roles` or `dependencies`. */
export function listedRole(compiler: Compiler, ast: RoleUseAst, site: Site): BuiltRole | null {
  const name = importedName(compiler, ast.name, site);
  if (name === null) return null;
  const vars = ast.keywords.get('vars')?.value;
  return buildRole(
    compiler,
    {
      name,
      span: ast.name.span,
      from: mainFiles,
      inherited: inherit(compiler, site.inherited, { keywords: ast.keywords, level: 'role' }),
      keywords: ast.keywords,
      vars: vars?.kind === 'map' ? vars : null,
      params: ast.params,
      repeat: null,
      check: 'yes',
      by: 'listed',
    },
    site,
  );
}

const roleArguments = [
  'name',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'public',
  'allow_duplicates',
  'rolespec_validate',
];

/** `import_role`: the role's tasks stand in its place, its handlers and variables belong to the play. */
export function importRole(compiler: Compiler, step: TaskAst, site: Site): readonly PlanNode[] {
  const args = importArguments(compiler, step, {
    known: roleArguments,
    required: 'name',
    alias: 'role',
  });
  const inherited = inherit(compiler, site.inherited, { keywords: step.keywords, level: 'block' });
  const inner = { ...site, inherited };
  const written = args.get('name');
  const name = importedName(compiler, written, inner);
  if (written === undefined || name === null) return [];
  const file = (kind: keyof RoleFrom): string | null =>
    importedName(compiler, args.get(`${kind}_from`), inner);
  const built = buildRole(
    compiler,
    {
      name,
      span: written.span,
      from: {
        tasks: file('tasks'),
        vars: file('vars'),
        defaults: file('defaults'),
        handlers: file('handlers'),
      },
      inherited,
      keywords: step.keywords,
      vars: null,
      params: null,
      repeat: isYes(args.get('allow_duplicates'), 'yes'),
      check: isYes(args.get('rolespec_validate'), 'yes'),
      by: 'task',
    },
    inner,
  );
  if (built === null) return [];
  site.play.roles.push({ role: built.role, exported: isYes(args.get('public'), 'yes') });
  site.play.handlers.push(...built.handlers);
  return built.body;
}

/** The roles from whose tasks a role is used, innermost first. */
function callers({ parents }: Site): readonly string[] {
  const caller = parents.at(-1);
  return caller === undefined ? [] : [caller.name, ...caller.calledFrom];
}

function identityOf(ast: RoleAst, { from, by, params, keywords }: RoleUse): string {
  const own = [params, ...['vars', 'when', 'tags'].map((name) => keywords.get(name)?.value)];
  const written = own.map((node) => (node === undefined || node === null ? null : toJson(node)));
  return JSON.stringify([ast.folder, from, by, ...written]);
}
