// Builds dist/hapb.cjs, the one file that package.json's bin names. It runs without node_modules.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { importTypescript } from './import-typescript.mjs';
import { keyWorker } from './key-worker.mjs';
import { compiledSchemas } from './schemas/plugin.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** ssh2's native addons abort some Node versions at garbage collection; the pure JavaScript mode is used. */
const withoutNativeAddons = {
  name: 'without-native-addons',
  setup(api) {
    api.onResolve({ filter: /\.node$|^cpu-features$/ }, (args) => ({
      path: args.path,
      namespace: 'native-addon',
    }));
    api.onLoad({ filter: /.*/, namespace: 'native-addon' }, () => ({
      contents: 'throw new Error("native addons are left out on purpose")',
      loader: 'js',
    }));
  },
};

const options = {
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  sourcemap: false,
  legalComments: 'none',
  // A script that V8 takes from a cache has lost its import(); require() reads what is meant.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
  define: { HAPB_VERSION: JSON.stringify(version) },
  plugins: [withoutNativeAddons, compiledSchemas, keyWorker],
};

const { bootable } = await importTypescript('.config/boot.ts');
await rm('dist', { recursive: true, force: true });
await mkdir('dist');
// Names stay, so that the stack of a reported bug tells something.
const { outputFiles } = await build({
  ...options,
  entryPoints: { hapb: 'src/cli/main.ts' },
  minifyWhitespace: true,
  lineLimit: 150,
  write: false,
});
await writeFile('dist/hapb.cjs', await bootable(outputFiles[0].text, version), { mode: 0o755 });
await build({ ...options, entryPoints: { testing: 'src/testing/index.ts' } });
