/** Layers of src, left to right: a folder imports only itself and those before it (docs/architecture.md). */
const layers = [
  'core', 'events', 'document', 'expression', 'template', 'vault', 'variables', 'connection', 'modules',
  'inventory', 'playbook', 'plan', 'engine', 'reports', 'testing', 'cli',
];
const doors = {
  yaml: '^src/document/parse-yaml[.]ts$',
  ajv: '^src/document/',
  jmespath: '^src/expression/filters/json-query[.]ts$',
  handlebars: '^src/template/',
  ssh2: '^src/connection/',
  'bcrypt-pbkdf': '^src/connection/key-worker[.]ts$',
  'p-queue': '^src/engine/',
  listr2: '^src/reports/',
  commander: '^src/cli/',
};
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...layers.map((layer, index) => ({
      name: `layer-${layer}`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: `^src/(${layers.slice(0, index + 1).join('|')})/` },
    })),
    {
      name: 'reports-see-events-only',
      severity: 'error',
      from: { path: '^src/reports/' },
      to: { path: '^src/', pathNot: '^src/(core|events|reports)/' },
    },
    {
      name: 'nothing-sees-testing',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/testing/' },
      to: { path: '^src/testing/' },
    },
    ...Object.entries(doors).map(([dependency, door]) => ({
      name: `one-door-${dependency}`,
      severity: 'error',
      from: { path: '^src/', pathNot: door },
      to: { path: `node_modules/${dependency}/` },
    })),
    {
      name: 'reveal-is-watched',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(core|template|expression|vault|connection|document|events|engine)/' },
      to: { path: '^src/core/reveal[.]ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
