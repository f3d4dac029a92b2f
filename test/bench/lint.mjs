// `npm run bench:lint -- PROJECT...`: hapb lint of whole projects against the yaml library alone, which parses the same YAML
// files into documents, each in a process of its own, in turns. hapb is timed with the code cache that an earlier lint left
// (warm) and at its first start, where it compiles itself and writes that cache (cold). Prints medians and, last, the ratios
// of their sums.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const rounds = 5;
const parser = `
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
for (const path of JSON.parse(readFileSync(0, 'utf8'))) parseAllDocuments(readFileSync(path, 'utf8'));
`;

function yamlFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(?:\.[^/]*|node_modules)\//.test(path.slice(folder.length)));
}

function timed(args, { input = '', cache } = {}) {
  const env = { ...process.env };
  delete env.NODE_COMPILE_CACHE;
  delete env.NODE_DISABLE_COMPILE_CACHE;
  if (cache !== undefined) env.NODE_COMPILE_CACHE = cache;
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === null || status > 4) throw new Error(stderr);
  return performance.now() - started;
}

const caches = mkdtempSync(join(tmpdir(), 'hapb-bench-'));
const warm = join(caches, 'warm');
const lint = (project, cache) => timed(['dist/hapb.cjs', 'lint', project], { cache });

function measure(project, files) {
  const times = { yaml: [], warm: [], cold: [] };
  lint(project, warm);
  for (let round = 0; round < rounds; round += 1) {
    times.yaml.push(timed(['--input-type=module', '-e', parser], { input: JSON.stringify(files) }));
    times.warm.push(lint(project, warm));
    const fresh = mkdtempSync(join(caches, 'cold-'));
    times.cold.push(lint(project, fresh));
  }
  return { yaml: median(times.yaml), warm: median(times.warm), cold: median(times.cold) };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ratio = (time, { yaml }) => (time / yaml).toFixed(2);
const sums = { yaml: 0, warm: 0, cold: 0 };
try {
  for (const project of process.argv.slice(2)) {
    const files = yamlFiles(project);
    const times = measure(project, files);
    for (const kind of Object.keys(sums)) sums[kind] += times[kind];
    const { yaml, warm, cold } = times;
    console.log(
      `${project}: ${files.length} YAML files, yaml ${yaml.toFixed(0)} ms, hapb lint warm ${warm.toFixed(0)} ms, ratio ${ratio(warm, times)}; cold ${cold.toFixed(0)} ms, ratio ${ratio(cold, times)}`,
    );
  }
} finally {
  rmSync(caches, { recursive: true });
}
console.log(
  `hapb lint takes ${ratio(sums.warm, sums)} of the time of the yaml library alone (${ratio(sums.cold, sums)} at its first start)`,
);
