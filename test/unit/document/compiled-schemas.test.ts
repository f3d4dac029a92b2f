import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { compiledSchemasSource } from '../../../.config/schemas/compile.ts';
import { compileSchema, schemaKey } from '../../../src/document/compile-schema.ts';
import { builtInSchemas } from '../../../src/modules/schemas.ts';

test("the bundle's checks are there for every schema of our modules and say what run-time compilation says", async () => {
  const compiled = await load(compiledSchemasSource());
  const wrong = { nonsense: 1, path: 7, name: { a: 1 }, state: 'sideways', src: null, mode: [] };
  let findings = 0;
  for (const schema of builtInSchemas()) {
    const check = compiled[schemaKey(schema)];
    if (check === undefined) expect.unreachable(`not compiled: ${JSON.stringify(schema).slice(0, 200)}`);
    for (const args of [{}, wrong, 'text']) {
      const expected = compileSchema(schema)(args);
      check(args);
      expect(check.errors ?? []).toEqual(expected);
      findings += expected.length;
    }
  }
  expect(findings).toBeGreaterThan(builtInSchemas().length);
});

async function load(source: string): Promise<Readonly<Record<string, ValidateFunction>>> {
  await mkdir('node_modules/.cache', { recursive: true });
  const folder = await mkdtemp('node_modules/.cache/schemas-');
  try {
    const path = join(folder, 'schemas.mjs');
    const prelude =
      "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n";
    await writeFile(path, prelude + source);
    const loaded = (await import(pathToFileURL(resolve(path)).href)) as {
      readonly compiledSchemas: Readonly<Record<string, ValidateFunction>>;
    };
    return loaded.compiledSchemas;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
