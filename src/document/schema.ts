import type { Diagnostic } from '../core/diagnostic.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { compileSchema, type JsonSchema } from './compile-schema.ts';
import { coerced, isNotGiven } from './from-text.ts';
import type { DocNode } from './node.ts';
import { placeProblem } from './place-problem.ts';
import { type Json, shapeOf, toJson } from './plain.ts';
import { readable } from './readable-problems.ts';
import type { Path, SchemaProblem, Subject } from './schema-problem.ts';
import { placeOf } from './schema-words.ts';

export type { JsonSchema } from './compile-schema.ts';
export { schemaFault } from './compile-schema.ts';
export type { SchemaProblem, Subject } from './schema-problem.ts';

const anything: Subject = { name: '', noun: 'key' };

/**
 * A checker of plain data against a JSON Schema (draft 2020-12 with our annotations `secret`, `expression`,
 * `aliases`). Compiled once per schema object. An empty answer means valid.
 */
export function validator(
  schema: JsonSchema,
  subject: Subject = anything,
): (value: unknown) => readonly SchemaProblem[] {
  const check = compileSchema(schema);
  return (value) => {
    const shape = shapeOf(value);
    const errors = check(shape);
    return errors.length === 0 ? [] : readable(errors, { schema, value: shape, subject, open: [] });
  };
}

/**
 * What is wrong with a value that was computed (HAPB1030 to HAPB1036); paths are lists of keys from `value` on. Nothing
 * is held against an Unknown or what hangs on one; a Secret counts as a text.
 */
export function problemsOf(
  schema: JsonSchema,
  value: Value,
  subject: Subject = anything,
): readonly SchemaProblem[] {
  const open = [...expressionsOf(schema)];
  collectOpen(value, [], open);
  return check({ schema, subject, open, json: shapeOf(value) });
}

/**
 * What is wrong with a document, each problem at its key or value. Texts with `{{` and tagged ones are not known yet
 * and pass wherever a value may stand. `subject` names the thing in messages: copy has no argument "contnet".
 */
export function checkNode(
  schema: JsonSchema,
  node: DocNode,
  subject: Subject = anything,
): readonly Diagnostic[] {
  const open = [...expressionsOf(schema)];
  collectOpenNodes(node, [], open);
  const problems = check({ schema, subject, open, json: asWanted(schema, toJson(node)) });
  return problems.map((problem) => placeProblem(problem, node));
}

/** Literals of another type are taken for what they mean, as they are when a task runs. */
function asWanted(schema: JsonSchema, json: Json): Json {
  const { properties } = schema;
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return json;
  if (typeof properties !== 'object' || properties === null) return json;
  const aliases = aliasesOf(schema);
  const read: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(json)) {
    const property = (properties as Readonly<Record<string, JsonSchema | undefined>>)[
      aliases.get(key) ?? key
    ];
    if (isNotGiven(property, value)) continue;
    const taken = coerced(property, value);
    Object.defineProperty(read, key, { value: taken, enumerable: true });
  }
  return read;
}

interface Check {
  readonly schema: JsonSchema;
  readonly subject: Subject;
  readonly open: readonly Path[];
  readonly json: Json;
}

function check({ schema, subject, open, json }: Check): readonly SchemaProblem[] {
  const { shape, names, clashes } = canonical(schema, json);
  const owns = new Map([...names].map(([own, written]) => [written, own]));
  const unknown = open.map((path) => {
    const own = owns.get(String(path[0]));
    return own === undefined ? path : [own, ...path.slice(1)];
  });
  const errors = compileSchema(schema)(shape);
  const problems =
    errors.length === 0 ? [] : readable(errors, { schema, value: shape, subject, open: unknown });
  return [
    ...clashes.map((clash) => clashProblem(clash, subject)),
    ...problems.map((problem) => asWritten(problem, names)),
  ];
}

function clashProblem([own, alias]: readonly [string, string], subject: Subject): SchemaProblem {
  const message = `${placeOf([], subject.name)}takes ${own} or ${alias}, which mean the same, not both`;
  return { code: 'HAPB1036', path: [alias], at: 'key', message, hint: `Remove ${alias}.` };
}

function collectOpen(value: Value, path: Path, open: Path[]): void {
  if (value instanceof Unknown) open.push(path);
  else if (value instanceof Secret) return;
  else if (isList(value))
    for (const [index, item] of value.entries()) collectOpen(item, [...path, index], open);
  else if (isMap(value))
    for (const [key, item] of Object.entries(value)) collectOpen(item, [...path, key], open);
}

function collectOpenNodes(node: DocNode, path: Path, open: Path[]): void {
  if (node.kind === 'scalar') {
    const isTemplate = typeof node.value === 'string' && node.value.includes('{{');
    if (node.tag !== null || isTemplate) open.push(path);
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) collectOpenNodes(item, [...path, index], open);
  } else for (const entry of node.entries) collectOpenNodes(entry.value, [...path, entry.key], open);
}

interface Canonical {
  readonly shape: Json;
  /** Arguments that were written by another name, with that name. */
  readonly names: ReadonlyMap<string, string>;
  /** Arguments that were given twice, by their own name and another. */
  readonly clashes: readonly (readonly [string, string])[];
}

/** Puts other names of an argument under its own, and remembers how they were written. */
function canonical(schema: JsonSchema, shape: Json): Canonical {
  const names = new Map<string, string>();
  const clashes: [string, string][] = [];
  const aliases = aliasesOf(schema);
  if (aliases.size === 0 || shape === null || typeof shape !== 'object' || Array.isArray(shape)) {
    return { shape, names, clashes };
  }
  const renamed: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(shape)) {
    const own = aliases.get(key) ?? key;
    if (own !== key && (Object.hasOwn(shape, own) || names.has(own))) {
      clashes.push([names.get(own) ?? own, key]);
      continue;
    }
    if (own !== key) names.set(own, key);
    Object.defineProperty(renamed, own, { value, enumerable: true });
  }
  return { shape: renamed, names, clashes };
}

/** Arguments that hold expressions; what they come to is not the schema's business. */
function expressionsOf(schema: JsonSchema): readonly Path[] {
  const known = knownExpressions.get(schema);
  if (known !== undefined) return known;
  const { properties } = schema;
  const paths = Object.entries(properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'object' && property !== null && 'expression' in property ? [[name]] : [],
  );
  knownExpressions.set(schema, paths);
  return paths;
}

const knownExpressions = new WeakMap<JsonSchema, readonly Path[]>();

const knownAliases = new WeakMap<JsonSchema, ReadonlyMap<string, string>>();

/** Other names of a schema's properties, each with the name it stands for. */
export function aliasesOf(schema: JsonSchema): ReadonlyMap<string, string> {
  const known = knownAliases.get(schema);
  if (known !== undefined) return known;
  const aliases = new Map<string, string>();
  const { properties } = schema;
  if (typeof properties === 'object' && properties !== null) {
    for (const [name, property] of Object.entries(properties)) {
      const list = typeof property === 'object' && property !== null ? (property as JsonSchema).aliases : [];
      if (Array.isArray(list))
        for (const alias of list) if (typeof alias === 'string') aliases.set(alias, name);
    }
  }
  knownAliases.set(schema, aliases);
  return aliases;
}

function asWritten(problem: SchemaProblem, names: ReadonlyMap<string, string>): SchemaProblem {
  const [first, ...rest] = problem.path;
  const written = typeof first === 'string' ? names.get(first) : undefined;
  return written === undefined ? problem : { ...problem, path: [written, ...rest] };
}
