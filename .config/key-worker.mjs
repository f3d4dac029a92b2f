import { build } from 'esbuild';

const file = /src\/connection\/key-worker-program\.ts$/;

async function source() {
  const { outputFiles } = await build({
    entryPoints: ['src/connection/key-worker.ts'],
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    legalComments: 'none',
  });
  return `export const keyWorkerProgram = ${JSON.stringify(outputFiles[0].text)};`;
}

/** Fills src/connection/key-worker-program.ts in a bundle of esbuild. */
export const keyWorker = {
  name: 'key-worker',
  setup(api) {
    api.onLoad({ filter: file }, async () => ({ contents: await source(), loader: 'js' }));
  },
};

/** The same for tests, which run the sources. */
export const keyWorkerInTests = {
  name: 'key-worker',
  load: (id) => (file.test(id) ? source() : null),
};
