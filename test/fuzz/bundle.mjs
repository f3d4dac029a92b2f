import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build, transform } from 'esbuild';
import { importTypescript } from '../../.config/import-typescript.mjs';

/** Bundles the fuzzer into the file named by the first argument, with the branches of all of src and ssh2 watched. */
let branches = 0;
const { instrumented } = await importTypescript('test/fuzz/instrument.ts');
const require = createRequire(import.meta.url);
const watched = {
  name: 'watched',
  setup(api) {
    api.onResolve({ filter: /^ssh2$/ }, () => ({ path: require.resolve('ssh2') }));
    api.onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }));
    api.onLoad({ filter: /\/src\/.*\.ts$|\/ssh2\/lib\/.*\.js$/ }, async ({ path }) => {
      const loader = path.endsWith('.ts') ? 'ts' : 'js';
      const { code } = await transform(await readFile(path, 'utf8'), { loader, target: 'node20.19' });
      const { text, branches: more } = instrumented(code, branches);
      branches += more;
      return { contents: text, loader: 'js' };
    });
  },
};

await build({
  entryPoints: ['test/fuzz/run.ts'],
  outfile: process.argv[2],
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
  plugins: [watched],
  // ssh2 is of the old form of modules.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst __dirname = '.';",
  },
  // Before any module of src runs.
  inject: ['test/fuzz/reached.ts'],
});
console.log(`fuzz: ${branches} branches are watched`);
