import { nearest } from '../../core/nearest.ts';
import type { AnyModule } from '../../modules/module.ts';
import { exitCodes } from '../exit-codes.ts';
import { bannerColumns, type Terminal } from '../terminal.ts';
import { usageFailure } from '../usage.ts';
import { moduleDoc, moduleList } from './modules-view.ts';

/** Lists modules, or describes the one that is named. @throws Failure HAPB8011: there is none of that name */
export function modulesCommand(
  name: string | null,
  modules: readonly AnyModule[],
  terminal: Terminal,
): number {
  if (name === null) {
    terminal.writeOut(moduleList(modules));
    return exitCodes.success;
  }
  const short = name.replace(/^ansible\.(builtin|posix)\./, '');
  const found = modules.find((module) => module.name === short || module.aliases?.includes(name) === true);
  if (found === undefined) {
    const near = nearest(
      short,
      modules.flatMap((module) => [module.name, ...(module.aliases ?? [])]),
    );
    const hint = near === null ? 'See hapb modules for all of them.' : `Did you mean ${near}?`;
    throw usageFailure('HAPB8011', `there is no module '${name}'`, hint);
  }
  terminal.writeOut(moduleDoc(found, bannerColumns(terminal)));
  return exitCodes.success;
}
