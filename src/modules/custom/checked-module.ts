import { schemaFault } from '../../document/schema.ts';
import type { AnyModule, ArgSchema } from '../module.ts';
import { fileProblem } from './problem.ts';

/** What a file exports, once it is known to be a module called `name`. @throws Failure HAPB2050 with all that is wrong */
export function checkedModule(found: unknown, name: string, path: string): AnyModule {
  const exports = isRecord(found) ? Object.keys(found).filter((key) => key !== '__esModule') : [];
  if (!exports.some((key) => parts.has(key))) {
    throw fileProblem(path, {
      code: 'HAPB2050',
      message: `${path} is no module: it exports ${exports.length === 0 ? 'nothing' : `only ${exports.join(', ')}`}`,
      hint: 'Write `module.exports =` (or `export default`) before the module; docs/own-modules.md builds one step by step.',
    });
  }
  const faults = faultsOf(found as Readonly<Record<string, unknown>>, name);
  if (faults.length === 0) return found as AnyModule;
  throw fileProblem(path, {
    code: 'HAPB2050',
    message: `${path} is no module: ${faults[0] ?? ''}`,
    hint: 'Export { name, summary, args, example, probe, diff, apply }, or a function that returns it; docs/own-modules.md builds one step by step.',
    ...(faults.length > 1 ? { details: faults.slice(1).join('\n') } : {}),
  });
}

const parts = new Set(['name', 'summary', 'args', 'example', 'probe', 'diff', 'apply']);

function faultsOf(found: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const faults: string[] = [];
  if (found.name !== name) faults.push(`its name is ${shown(found.name)}, but its file is called ${name}`);
  for (const key of ['summary', 'example']) {
    if (typeof found[key] !== 'string' || found[key] === '') faults.push(`${key} must be a text`);
  }
  for (const key of ['probe', 'diff', 'apply']) {
    if (typeof found[key] !== 'function') faults.push(`${key} must be a function`);
  }
  for (const key of ['output', 'foreseen']) {
    if (found[key] !== undefined && typeof found[key] !== 'function')
      faults.push(`${key} must be a function`);
  }
  return [...faults, ...argsFaults(found.args)];
}

/** What is wrong with the schema of a module's arguments. */
export function argsFaults(args: unknown): readonly string[] {
  if (!isRecord(args) || args.type !== 'object' || !isRecord(args.properties)) {
    return [
      "args must be a JSON Schema: { type: 'object', properties: { NAME: { type: 'string', description: '…' } } }",
    ];
  }
  const fault = schemaFault(args);
  if (fault !== null) return [`args is no valid JSON Schema: ${fault}`];
  return Object.entries(args.properties).flatMap(([argument, schema]) =>
    isRecord(schema) && typeof (schema as Partial<ArgSchema>).description === 'string'
      ? []
      : [`the argument ${argument} needs a description, for its documentation`],
  );
}

/** Whether it is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : 'missing';
}
