import { createHash } from 'node:crypto';
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { compiledSchemas } from './compiled-schemas.ts';

/** A JSON Schema, draft 2020-12, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One finding of the validator, with the schema and the data it is about. */
export type SchemaError = ErrorObject;

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** Names a schema by what it says; the same for equal schemas. */
export function schemaKey(schema: JsonSchema): string {
  return createHash('sha1').update(JSON.stringify(schema)).digest('hex');
}

/** The compiler that all schemas go through, here and at build. */
export function newAjv(code: Options['code'] = {}): Ajv2020 {
  // Strict mode would refuse our annotations; `verbose` gives messages the schema's own words.
  const made = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false, code });
  formats.default(made);
  return made;
}

/**
 * The raw check of a schema; all errors, none when valid. Compiled at the first use of each schema object, those of our
 * own modules at build.
 * @throws Error when the schema itself is not valid
 */
export function compileSchema(schema: JsonSchema): (value: unknown) => readonly SchemaError[] {
  const known = compiled.get(schema);
  const check = known ?? compile(schema);
  if (known === undefined) compiled.set(schema, check);
  return (value) => {
    if (check(value) === true) return [];
    return check.errors ?? [];
  };
}

/** Why a schema of a user's own module is not valid, `null` when it is. */
export function schemaFault(schema: JsonSchema): string | null {
  try {
    compileSchema(schema);
    return null;
  } catch (cause) {
    return faultIn(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The first of ajv's sentences, which often follow from each other, with the place as its author writes it. */
function faultIn(said: string): string {
  const [first = said] = said.replace(/^schema is invalid: /, '').split(', data/');
  const fault = first.replace(/^data\/(\S+)/, (_, path: string) => path.replaceAll('/', '.'));
  return fault.replace(
    /(\.type must be) .*$/,
    '$1 one of array, boolean, integer, null, number, object, string',
  );
}

function compile(schema: JsonSchema): ValidateFunction {
  const ready = compiledSchemas[schemaKey(schema)];
  if (ready !== undefined) return ready;
  ajv ??= newAjv();
  return ajv.compile(schema);
}
