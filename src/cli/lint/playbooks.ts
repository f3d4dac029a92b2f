import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, type Judged, type Result, success, whatThereIs } from '../../core/diagnostic.ts';
import { parseYaml } from '../../document/parse-yaml.ts';
import { loadInventory } from '../../inventory/load.ts';
import type { ModuleLibrary } from '../../modules/custom/library.ts';
import type { BuildOptions } from '../../plan/compiler.ts';
import type { Plan } from '../../plan/plan.ts';
import { findUndefined } from '../../plan/undefined.ts';
import type { PlayAst } from '../../playbook/ast.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import { type LoadContext, openProject, type Project } from '../../playbook/project.ts';
import type { Layer } from '../../variables/layer.ts';
import type { VarsTools } from '../../variables/vars-file.ts';
import { foldersOf, knownNames, layersOf, losesFile } from '../load-run.ts';
import { playBuilder } from './build-plays.ts';
import type { Documents } from './documents.ts';

/** What checking playbooks needs. */
export interface PlaybookSite {
  readonly documents: Documents;
  readonly library: ModuleLibrary;
  readonly tools: VarsTools;
  readonly rolesPath: readonly string[];
  readonly inventories: readonly string[];
  readonly extraVars: Layer;
  /** Names of the project's group_vars and host_vars. */
  readonly groupNames: ReadonlySet<string>;
  readonly nameOf: (path: string) => string;
}

/** Loads playbooks as a run would, and what no playbook uses as if one did. Gathers problems and plans. */
export interface PlaybookCheck {
  readonly problems: Diagnostic[];
  readonly plans: Plan[];
  playbooks(paths: readonly string[]): void;
  role(folder: string): void;
  tasks(path: string, place: 'tasks' | 'handlers'): void;
}

/** See PlaybookCheck. */
export function checkPlaybooks(site: PlaybookSite): PlaybookCheck {
  const { documents, library } = site;
  const { disk, parse } = documents;
  /** Roles that no playbook uses, which are asked for by absolute paths. */
  const ownNames = new Map<string, string>();
  const nameOf = (path: string): string => ownNames.get(path) ?? site.nameOf(path);
  const context: LoadContext = { modules: library.names, disk, parse, nameOf };
  const project = openProject(context);
  const problems: Diagnostic[] = [];
  const plans: Plan[] = [];
  const take = <T>(result: Result<T> | Judged<T>): T | null => {
    problems.push(...(result.ok ? result.warnings : result.diagnostics));
    return whatThereIs(result);
  };
  const builder = playBuilder(buildOptions(site, project));
  const build = (plays: readonly PlayAst[]): Plan | null => take(builder(plays));

  /** A play that does not exist, around something that no playbook uses. */
  const standIn = (folder: string, section: string): void => {
    const file = join(folder, '<lint>');
    const text = `- hosts: all\n  gather_facts: false\n  ${section}\n`;
    const disk: LoadContext['disk'] = {
      ...documents.disk,
      read: (path, wish) => (path === file ? success(text) : documents.disk.read(path, wish)),
    };
    // Every stand-in of a folder has the same name, and another text.
    const parsed: typeof parse = (source, name) =>
      name === file ? parseYaml(source, name) : parse(source, name);
    const before = problems.length;
    const plays = take(loadPlaybook(file, { ...context, disk, parse: parsed }));
    const plan = plays === null ? null : build(plays);
    if (plan !== null) plans.push(plan);
    const told = problems.splice(before).filter(({ span }) => span.file !== file);
    problems.push(...told);
  };

  return {
    problems,
    plans,
    playbooks: (paths) => {
      const loaded = paths.map((path) => loadWatched(path, context));
      const imported = new Set(loaded.flatMap(({ others }) => others));
      for (const { path, result } of loaded) {
        const plays = take(result);
        if (plays === null || imported.has(resolve(path))) continue;
        const before = problems.length;
        const plan = build(plays);
        if (plan === null) continue;
        plans.push(plan);
        const names = namesFor(site, { path, plan }, problems);
        if (
          names === null ||
          [...problems.slice(before), ...(result.ok ? [] : result.diagnostics)].some(losesFile)
        )
          continue;
        const undefinedNames = findUndefined(plan, names);
        problems.push(
          ...(site.inventories.length > 0 ? undefinedNames : undefinedNames.map(withoutInventory)),
        );
      }
    },
    role: (folder) => {
      ownNames.set(resolve(folder), folder);
      standIn(dirname(folder), `roles: [${JSON.stringify(resolve(folder))}]`);
    },
    tasks: (path, place) => {
      standIn(dirname(path), `${place}:\n    - import_tasks: ${JSON.stringify(basename(path))}`);
    },
  };
}

function buildOptions(site: PlaybookSite, project: Project): BuildOptions {
  const { library, tools, rolesPath, extraVars } = site;
  return { findModule: library.find, tags: { only: [], skip: [] }, tools, project, rolesPath, extraVars };
}

interface Watched {
  readonly path: string;
  readonly result: Judged<readonly PlayAst[]>;
  /** Other files that it reads, which are playbooks. */
  readonly others: readonly string[];
}

function loadWatched(path: string, context: LoadContext): Watched {
  const others: string[] = [];
  const disk: LoadContext['disk'] = {
    ...context.disk,
    read: (file, wish) => {
      if (file !== path) others.push(resolve(file));
      return context.disk.read(file, wish);
    },
  };
  return { path, result: loadPlaybook(path, { ...context, disk }), others };
}

/** Names that tasks of a playbook may use without setting them; `null`: the inventory is broken. */
function namesFor(
  site: PlaybookSite,
  { path, plan }: { readonly path: string; readonly plan: Plan },
  problems: Diagnostic[],
): ReadonlySet<string> | null {
  const { inventories, extraVars, tools, groupNames } = site;
  if (inventories.length === 0) return new Set([...knownNames([extraVars]), ...groupNames]);
  const inventory = loadInventory(inventories, {
    playbookFolders: [dirname(path), ...foldersOf(plan.plays)],
    tools,
  });
  problems.push(...(inventory.ok ? inventory.warnings : inventory.diagnostics));
  return inventory.ok ? knownNames([...layersOf(inventory.value, plan), extraVars]) : null;
}

/** Without an inventory nobody can know what hosts bring with them. */
function withoutInventory(problem: Diagnostic): Diagnostic {
  const name = /^"(.*?)"/.exec(problem.message)?.[1] ?? '';
  return {
    ...problem,
    severity: 'warning',
    message: `"${name}" is not defined in any file that was looked at`,
    hint: `${problem.hint} With -i the variables of an inventory count too.`,
  };
}
