import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** A JSON Schema, draft 2020-12, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One finding of the validator, with the schema and the data it is about. */
export type SchemaError = ErrorObject;

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * The raw check of a schema; all errors, none when valid. Compiled at the first use of each schema object.
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
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function compile(schema: JsonSchema): ValidateFunction {
  if (ajv === undefined) {
    // Strict mode would refuse our annotations; `verbose` gives messages the schema's own words.
    ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false });
    formats.default(ajv);
  }
  return ajv.compile(schema);
}
