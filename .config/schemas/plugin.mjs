import { importTypescript } from '../import-typescript.mjs';

/**
 * Fills src/document/compiled-schemas.ts, which is empty in the sources: compiling the schemas of our own modules at run
 * time took 70 of the 330 ms that the shipped playbook needs to load.
 */
export const compiledSchemas = {
  name: 'compiled-schemas',
  setup(api) {
    api.onLoad({ filter: /src\/document\/compiled-schemas\.ts$/ }, async () => {
      const { compiledSchemasSource } = await importTypescript('.config/schemas/compile.ts');
      return { contents: compiledSchemasSource(), loader: 'js', resolveDir: process.cwd() };
    });
  },
};
