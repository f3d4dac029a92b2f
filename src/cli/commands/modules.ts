import { Failure } from '../../core/failure.ts';
import { nearest } from '../../core/nearest.ts';
import { fileSpan } from '../../core/source.ts';
import { type ModuleLibrary, moduleLibrary } from '../../modules/custom/library.ts';
import type { AnyModule } from '../../modules/module.ts';
import { allModules } from '../../modules/registry.ts';
import { moduleName } from '../../playbook/module-name.ts';
import { exitCodes } from '../exit-codes.ts';
import { moduleFolders } from '../module-folders.ts';
import { bannerColumns, type Terminal } from '../terminal.ts';
import { usageFailure } from '../usage.ts';
import { modulePage } from './module-page.ts';
import { moduleDoc, moduleList } from './modules-view.ts';

/** What `hapb modules` shows. */
export interface ModulesRequest {
  /** `null`: the list of all. */
  readonly name: string | null;
  readonly form: 'text' | 'markdown';
  /** Folders with more modules, besides `modules/` and `roles/…/modules/` here. */
  readonly paths: readonly string[];
}

/** Lists modules, or describes the one that is named. @throws Failure HAPB8011: there is none of that name; HAPB205x */
export function modulesCommand({ name, form, paths }: ModulesRequest, terminal: Terminal): number {
  const library = moduleLibrary(moduleFolders(paths, ['.']));
  if (name === null) {
    const own = library.own.flatMap((each) => library.find(each) ?? []);
    throwFirst(library);
    terminal.writeOut(moduleList([...own, ...allModules]));
    return exitCodes.success;
  }
  const found = find(library, name);
  terminal.writeOut(form === 'markdown' ? modulePage(found) : moduleDoc(found, bannerColumns(terminal)));
  return exitCodes.success;
}

function find(library: ModuleLibrary, name: string): AnyModule {
  const short = moduleName(name);
  const found = library.find(short);
  throwFirst(library);
  if (found !== undefined) return found;
  const near = nearest(short, library.names.all);
  const hint = near === null ? 'See hapb modules for all of them.' : `Did you mean ${near}?`;
  throw usageFailure('HAPB8011', `there is no module '${name}'`, hint);
}

function throwFirst(library: ModuleLibrary): void {
  const [first] = library.problems();
  if (first === undefined) return;
  const { code, message, hint, span } = first;
  throw new Failure({ code, message, hint }, span ?? fileSpan('modules'));
}
