// Builds dist/hapb.cjs, the one file that package.json's bin names. It runs without node_modules.
import { chmod, readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';
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

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { hapb: 'src/cli/main.ts', testing: 'src/testing/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: '#!/usr/bin/env node' },
  define: { HAPB_VERSION: JSON.stringify(version) },
  plugins: [withoutNativeAddons, compiledSchemas],
});
await chmod('dist/hapb.cjs', 0o755);
