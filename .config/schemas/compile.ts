import standalone from 'ajv/dist/standalone/index.js';
import { newAjv, schemaKey } from '../../src/document/compile-schema.ts';
import { builtInSchemas } from '../../src/modules/schemas.ts';

/** What src/document/compiled-schemas.ts exports in the bundle: every schema of our own modules as a function. */
export function compiledSchemasSource(): string {
  const ajv = newAjv({ source: true, esm: true });
  const names: Record<string, string> = {};
  const table: string[] = [];
  for (const schema of builtInSchemas()) {
    const key = schemaKey(schema);
    const name = `check${table.length}`;
    ajv.addSchema(schema, key);
    names[name] = key;
    table.push(`${JSON.stringify(key)}: ${name}`);
  }
  return `${standalone.default(ajv, names)}\nexport const compiledSchemas = { ${table.join(', ')} };\n`;
}
