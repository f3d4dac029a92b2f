import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The exports of a TypeScript file of this project. */
export async function importTypescript(path) {
  await mkdir('node_modules/.cache', { recursive: true });
  // Inside node_modules, so that the bundle finds its packages.
  const folder = await mkdtemp('node_modules/.cache/hapb-');
  try {
    const outfile = join(folder, 'module.mjs');
    await build({
      entryPoints: [path],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(resolve(outfile)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
