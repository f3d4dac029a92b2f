import type { AnyModule, ArgsSchema } from './module.ts';
import { allModules } from './registry.ts';

const rendered = new WeakMap<AnyModule, ArgsSchema>();

/** What rendered arguments must fit: without those that are expressions, which the module gets evaluated, in a form of ours. */
export function renderedSchema(module: AnyModule): ArgsSchema {
  let schema = rendered.get(module);
  if (schema === undefined) {
    schema = withoutExpressions(module.args);
    rendered.set(module, schema);
  }
  return schema;
}

/** Every schema of the modules that come with hapb; the build compiles them. */
export function builtInSchemas(): readonly ArgsSchema[] {
  return allModules.flatMap((module) => [...new Set([module.args, renderedSchema(module)])]);
}

let builtIn: ReadonlySet<AnyModule> | null = null;

/** Whether a module comes with hapb. */
export function isBuiltIn(module: AnyModule): boolean {
  builtIn ??= new Set(allModules);
  return builtIn.has(module);
}

function withoutExpressions(args: ArgsSchema): ArgsSchema {
  const all = Object.entries(args.properties);
  const plain = all.filter(([, property]) => property.expression === undefined);
  if (plain.length === all.length) return args;
  const properties = Object.fromEntries(plain);
  const required = (args.required ?? []).filter((name) => properties[name] !== undefined);
  return { ...args, properties, required };
}
