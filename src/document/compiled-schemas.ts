import type { ValidateFunction } from 'ajv/dist/2020.js';

/**
 * Checks of schemas that come with hapb, by `schemaKey`. Empty in the sources; `npm run build` fills it, so that the
 * bundle compiles only the schemas of users.
 */
export const compiledSchemas: Readonly<Record<string, ValidateFunction>> = {};
