import { dirname } from 'node:path';
import {
  type Diagnostic,
  error,
  failure,
  type Judged,
  type Result,
  success,
  whatThereIs,
} from '../core/diagnostic.ts';
import { suggest } from '../document/suggest.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { loadInventory } from '../inventory/load.ts';
import { inventoryNames } from '../inventory/names.ts';
import { moduleLibrary } from '../modules/custom/library.ts';
import { isFact } from '../modules/general/facts/choose.ts';
import { buildPlan } from '../plan/build.ts';
import { gatherOnlyNeeded } from '../plan/facts.ts';
import type { Plan } from '../plan/plan.ts';
import { startAt } from '../plan/start-at.ts';
import { findUndefined } from '../plan/undefined.ts';
import { tasksOf, tasksOfPlan } from '../plan/walk.ts';
import { realDisk } from '../playbook/disk.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { openProject } from '../playbook/project.ts';
import { parseExtraVars } from '../variables/extra-vars.ts';
import type { Layer } from '../variables/layer.ts';
import { magicNames } from '../variables/magic.ts';
import type { VarsTools } from '../variables/vars-file.ts';
import { veiled } from '../vault/problems.ts';
import { moduleFolders } from './module-folders.ts';
import { roleFolders } from './role-folders.ts';
import type { RunOptions } from './run-options.ts';
import { commandLine } from './usage.ts';

/** Everything that is known before anything connects. */
export interface LoadedRun {
  readonly plan: Plan;
  /** How many plays come before each playbook's own. */
  readonly starts: readonly number[];
  readonly inventory: Inventory;
  /** Reads the inventory again, as it is now. */
  readonly readInventory: () => Result<Inventory>;
  readonly extraVars: Layer;
  readonly warnings: readonly Diagnostic[];
}

/** Reads playbooks, inventory and extra vars, encrypted ones too. All problems of all of them are reported together. */
export function loadRun(options: RunOptions, tools: VarsTools): Result<LoadedRun> {
  const problems: Diagnostic[] = [];
  const take = <T>(result: Result<T> | Judged<T>): T | null => {
    problems.push(...problemsOf(result, tools));
    return whatThereIs(result);
  };
  const named = [...new Set(options.playbooks.map((path) => dirname(path)))];
  const modules = moduleLibrary(moduleFolders(options.modulePaths, named));
  const parsed = parseExtraVars(options.extraVars, tools);
  const context = {
    modules: modules.names,
    disk: realDisk(tools.decryptText),
    ...(parsed.ok ? { extraVars: parsed.value } : {}),
  };
  const loaded = options.playbooks.map((path) => loadPlaybook(path, context));
  const playbookFolders = [...named, ...foldersOf(loaded.flatMap((result) => whatThereIs(result) ?? []))];
  const readInventory = (): Result<Inventory> =>
    loadInventory(options.inventories, { playbookFolders, tools });
  const inventory = take(readInventory());
  const extraVars = take(parsed);
  const playbooks = loaded.map((result) => take(result) ?? []);
  const plan = take(
    buildPlan(playbooks.flat(), {
      findModule: modules.find,
      tags: { only: options.tags, skip: options.skipTags },
      tools,
      project: openProject(context),
      rolesPath: roleFolders(options.rolesPath),
      extraVars,
    }),
  );
  const layers = plan === null || inventory === null ? [] : layersOf(inventory, plan);
  const known = knownNames(extraVars === null ? layers : [...layers, extraVars]);
  // With a whole file missing, nobody can know what it would have set.
  if (plan !== null && inventory !== null && extraVars !== null && !problems.some(losesFile))
    problems.push(...veilAll(findUndefined(plan, known), tools));
  problems.push(...modules.problems());
  const errors = problems.some((problem) => problem.severity === 'error');
  if (errors || plan === null || inventory === null || extraVars === null) return failure(inOrder(problems));
  const starts = playbooks.map((_, index) => playbooks.slice(0, index).flat().length);
  const needs = { layers, mayBeFact: factTest(known) };
  const first = options.task === 'run' || options.task === 'plan' ? options.startAtTask : null;
  const begun = first === null ? plan : startAt(plan, first);
  if (begun === null) return failure([...inOrder(problems), noSuchTask(plan, first ?? '')]);
  const whole = gatherOnlyNeeded({ ...begun, playbookStarts: new Set(starts) }, needs);
  return success({ plan: whole, starts, inventory, readInventory, extraVars, warnings: inOrder(problems) });
}

/** Where these plays stand, which may be imported ones. */
export function foldersOf(plays: readonly { readonly file: string }[]): readonly string[] {
  return [...new Set(plays.map(({ file }) => dirname(file)))];
}

/** Each file's problems together, from its first line to its last. */
export function inOrder(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(problems.map(({ span }) => span.file))];
  return [...problems].sort(
    ({ span: one }, { span: other }) =>
      files.indexOf(one.file) - files.indexOf(other.file) || one.start.offset - other.start.offset,
  );
}

/** Whether a problem leaves a whole file unread, so that nobody can know what it would have set. */
export function losesFile({ code }: Diagnostic): boolean {
  return /^HAPB(?:10[012]\d|2009|2012|2014|2015|2017|3003|3004)$/.test(code);
}

function noSuchTask(plan: Plan, name: string): Diagnostic {
  const near = suggest(
    name,
    plan.plays.flatMap((play) => tasksOf(play.body)).map(({ title }) => title),
  );
  return error({
    code: 'HAPB8023',
    message: `no task is called '${name}'`,
    span: commandLine,
    hint:
      near === null || near === name
        ? 'A run can begin with a task of the playbook and its roles, not with a handler, a rescue or what include_tasks brings.'
        : `Did you mean "${near}"?`,
  });
}

/** What a result has to say, without quoting from encrypted files. */
export function problemsOf(result: Result<unknown>, tools: VarsTools): readonly Diagnostic[] {
  return veilAll(result.ok ? result.warnings : result.diagnostics, tools);
}

function veilAll(problems: readonly Diagnostic[], tools: VarsTools): readonly Diagnostic[] {
  return problems.map((problem) => (tools.wasEncrypted(problem.span.file) ? veiled(problem) : problem));
}

/** Names that hapb itself and these layers give to every task. */
export function knownNames(layers: readonly Layer[]): ReadonlySet<string> {
  return new Set([...magicNames, ...inventoryNames, ...layers.flatMap(({ entries }) => [...entries.keys()])]);
}

/** Layers of all hosts, and those that count for groups and hosts which tasks may add. */
export function layersOf(inventory: Inventory, plan: Plan): readonly Layer[] {
  const hosts = [...inventory.hosts.values(), ...inventory.implicit.values()];
  const grows = tasksOfPlan(plan).some(({ module }) => module.traits?.includes('inventory'));
  return [...new Set([...hosts.flatMap((host) => host.layers), ...(grows ? inventory.spareLayers() : [])])];
}

/** Names that begin as facts do and are none: those of hapb itself, and those that say how to reach a host. */
const notFacts =
  /^ansible_(?:check_mode|diff_mode|forks|verbosity|version|limit|config_file|inventory_sources|run_tags|skip_tags|loop.*|index_var|search_path|failed_.*|delegated_vars|play_.*|.*role_names?|host|port|user|password|connection|timeout|become.*|ssh_(?!host_key_).*|private_key_file|host_key_checking|sudo_.*|su_.*|async_.*)$/;

/** A variable of the user's does not keep the fact of its name from being gathered, where hosts have such a fact. */
function factTest(set: ReadonlySet<string>): (name: string) => boolean {
  return (name) => isFact(name.replace(/^ansible_/, '')) || !(notFacts.test(name) || set.has(name));
}
