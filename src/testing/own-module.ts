import { basename, dirname, extname } from 'node:path';
import { plainPaint } from '../core/paint.ts';
import { printDiagnostic } from '../core/print-diagnostic.ts';
import type { Value } from '../core/value.ts';
import { validator } from '../document/schema.ts';
import { moduleLibrary } from '../modules/custom/library.ts';
import type { AnyModule } from '../modules/module.ts';

/** The module in a file, as hapb would load it. @throws Error with the diagnostic that hapb would show */
export function loadModule(path: string): AnyModule {
  const library = moduleLibrary([dirname(path)]);
  const found = library.find(basename(path, extname(path)));
  const [problem] = library.problems();
  if (problem !== undefined) {
    throw new Error(printDiagnostic(problem, { source: () => null, paint: plainPaint }));
  }
  if (found === undefined) throw new Error(`there is no module ${path}`);
  return found;
}

/**
 * Arguments as a playbook would pass them: held against the module's schema, with defaults filled in.
 * @throws Error with all that does not fit
 */
export function moduleArgs(
  module: AnyModule,
  args: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const problems = validator(module.args, { name: module.name, noun: 'argument' })(args);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const defaults = Object.entries(module.args.properties).flatMap(([name, schema]): [string, Value][] =>
    schema.default === undefined ? [] : [[name, schema.default as Value]],
  );
  return { ...Object.fromEntries(defaults), ...args };
}
