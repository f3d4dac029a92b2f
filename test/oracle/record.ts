import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ansibleTool } from './ansible-tool.ts';
import { type OracleCase, printCase } from './case-file.ts';
import { hapbTool } from './hapb-tool.ts';
import { allCases, fileOfCase } from './library.ts';
import { observe } from './observe.ts';
import { sample } from './sample.ts';

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    environment: { type: 'string', default: '' },
    cases: { type: 'string', default: '' },
    verify: { type: 'boolean', default: false },
    accept: { type: 'boolean', default: false },
    sample: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    missing: { type: 'boolean', default: false },
  },
});

const all = allCases(flags.cases);
const wanted = all.filter(
  ({ name, ansible }) =>
    (names.length === 0 || names.some((prefix) => name.startsWith(prefix))) &&
    (!flags.missing || ansible === null),
);
const chosen = flags.sample === '' ? wanted : sample(wanted, Number(flags.sample), Number(flags.seed));
const started = Date.now();
const differing: string[] = [];

/** Asks ansible-core, or with `--accept` writes down what hapb does instead. */
async function take(oracleCase: OracleCase): Promise<void> {
  const path = fileOfCase(oracleCase.name, flags.cases);
  if (flags.accept) {
    const hapb = await observe(oracleCase, hapbTool);
    writeFileSync(path, printCase({ ...oracleCase, hapb }, oracleCase.ansible ?? ''));
    return;
  }
  const seen = await observe(oracleCase, ansibleTool(flags.environment));
  if (seen === oracleCase.ansible) return;
  differing.push(oracleCase.name);
  if (flags.verify) console.error(`${oracleCase.name}: ansible-core does not do what is recorded:\n${seen}`);
  else writeFileSync(path, printCase(oracleCase, seen));
}

const queue = [...chosen];
const lanes = flags.accept ? 1 : Math.min(availableParallelism(), 4);
await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await take(next);
  }),
);

const seconds = ((Date.now() - started) / 1000).toFixed(0);
const of = chosen.length === all.length ? '' : ` of ${all.length} (seed ${flags.seed})`;
console.log(
  `oracle: ${chosen.length} cases${of}, ${differing.length} ${flags.verify ? 'differ' : 'written'}, ${seconds} s`,
);
if (flags.verify && differing.length > 0) process.exitCode = 1;
