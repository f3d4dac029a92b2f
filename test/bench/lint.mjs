// `npm run bench:lint -- PROJECT...`: hapb lint of whole projects against the yaml library alone, which parses the same YAML
// files into documents, each in a process of its own, in turns. Prints medians and, last, the ratio of their sums.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
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

function timed(args, input) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === null || status > 4) throw new Error(stderr);
  return performance.now() - started;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const sums = { lint: 0, yaml: 0 };
for (const project of process.argv.slice(2)) {
  const files = yamlFiles(project);
  const times = { lint: [], yaml: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.yaml.push(timed(['--input-type=module', '-e', parser], JSON.stringify(files)));
    times.lint.push(timed(['dist/hapb.cjs', 'lint', project], ''));
  }
  const lint = median(times.lint);
  const yaml = median(times.yaml);
  sums.lint += lint;
  sums.yaml += yaml;
  console.log(
    `${project}: ${files.length} YAML files, yaml ${yaml.toFixed(0)} ms, hapb lint ${lint.toFixed(0)} ms, ratio ${(lint / yaml).toFixed(2)}`,
  );
}
console.log(`hapb lint takes ${(sums.lint / sums.yaml).toFixed(2)} of the time of the yaml library alone`);
